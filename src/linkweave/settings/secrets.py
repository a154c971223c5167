"""Finds the secrets in a configuration, so that logs and traces can mask them."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, SecretStr


def known_secrets(part: object) -> Iterator[str]:
    """Yields every secret in `part` of a configuration, also in the form `user:secret` of HTTP Basic."""
    if isinstance(part, SecretStr):
        yield part.get_secret_value()
        yield from _in_url(part.get_secret_value())
    elif isinstance(part, BaseModel):
        yield from _in_model(part)
    elif isinstance(part, Mapping):
        yield from (secret for each in part.values() for secret in known_secrets(each))
    elif isinstance(part, tuple | list):
        yield from (secret for each in part for secret in known_secrets(each))
    elif isinstance(part, str):
        yield from _in_url(part)


def _in_model(model: BaseModel) -> Iterator[str]:
    values = [getattr(model, name) for name in type(model).model_fields]
    found = [secret for value in values for secret in known_secrets(value)]
    yield from found
    user = getattr(model, "username", None)
    if isinstance(user, str):
        yield from (f"{user}:{secret}" for secret in found)


def _in_url(url: str) -> Iterator[str]:
    """Yields the password in a URL, such as a cache server's."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)
