"""The types of values in a configuration, each with its check, and the base class of the sections."""

import re
from ipaddress import ip_address
from typing import Annotated, Any, Final, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

MAX_DEADLINE_SECONDS: Final = 300

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
# No public host has one of these names: RFC 2606, 6761, 6762, and ICANN's reservation of .internal.
_LOCAL_NAMES: Final = frozenset({"test", "example", "invalid", "localhost", "local", "internal"})


def _key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise PydanticCustomError(
            "key", "must be lower-case letters, digits, '.', '_' and '-', the first a letter or digit, at most 64"
        )
    return value


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text:
        raise PydanticCustomError("secret", "is empty")
    if not text.isprintable() or text != text.strip():
        raise PydanticCustomError(
            "secret", "has white space around it, or an unprintable character such as a line break"
        )
    return value


def _base_url(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.hostname is None:
        raise PydanticCustomError(
            "base_url", "must be a URL such as https://api.example.com/v1, without user, query and fragment"
        )
    if parts.scheme == "http" and not is_local(parts.hostname):
        raise PydanticCustomError(
            "base_url",
            "must begin with https://, or this account's credentials would travel in the clear; http:// is "
            "for emulators, at loopback and private addresses, names without a dot, and names that end in .test",
        )
    return value


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port != 0
    except ValueError:
        return None
    known = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or "") is not None
    plain = value.isprintable() and not re.search(r"[\s?#@\\]", value)
    return parts if known and plain and port_is_fine and has_plain_host(parts) else None


def has_plain_host(parts: SplitResult) -> bool:
    """Whether `parts.hostname` and `parts.port` are all that the URL says of its host.

    urlsplit takes [::1].evil.example for ::1. FOUND in Python 3.11.
    """
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return parts.netloc.rpartition("@")[2].lower() in {host, f"{host}:{parts.port}"}


Key = Annotated[str, AfterValidator(_key)]
DomainName = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]


class SettingsModel(BaseModel):
    """A section of the configuration. An unknown key is an error, and values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        # pydantic reads true as 1.
        if isinstance(value, bool) and not _mentions_bool(cls.model_fields[str(info.field_name)].annotation):
            raise PydanticCustomError("truth", "must not be true or false")
        return value


def _mentions_bool(annotation: Any) -> bool:
    return annotation is bool or any(map(_mentions_bool, get_args(annotation)))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`. No name is looked up: only localhost is known to be loopback."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_local(host: str) -> bool:
    """Whether the address or the name of `host` says that it is on this machine or this network."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").split(".")
        # Some signs of other scripts become dots when the name is resolved.
        return host.isascii() and (len(labels) == 1 or labels[-1] in _LOCAL_NAMES)
