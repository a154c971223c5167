"""`[network]`: the way to vendors and to the issuer of tokens, through a proxy or with certificates of one's own."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from linkweave.settings.values import DomainName, Secret, SettingsModel, has_plain_host


def _proxy(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and has_plain_host(parts)
        )
    except ValueError:
        usable = False
    if not usable or " " in text:
        raise PydanticCustomError("proxy", "must be a URL such as http://proxy.example.com:3128")
    return value


ProxyUrl = Annotated[Secret, AfterValidator(_proxy)]
FilePath = Annotated[str, StringConstraints(min_length=1)]


class NetworkSettings(SettingsModel):
    """How connections to vendors and to the issuer of tokens are made.

    They go through `proxy`, except to `no_proxy` and the names below those. `ca_file` is trusted besides the
    certificates of the operating system.
    """

    proxy: ProxyUrl | None = None
    no_proxy: tuple[DomainName, ...] = ()
    ca_file: FilePath | None = None
