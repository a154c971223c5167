"""Names of hosts, of origins and of headers, as browsers send them."""

import re
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

ANY_ORIGIN: Final = "*"

_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
# RFC 9110, 5.6.2: a token.
_HEADER: Final = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}")
_PORTS: Final = {"http": 80, "https": 443}


def _host(value: str) -> str:
    name = value.lower()
    if not _is_host(name):
        raise PydanticCustomError(
            "host", "must be a host name or an address without scheme and port, like go.example.com"
        )
    return name


def _origin(value: str) -> str:
    if value == ANY_ORIGIN:
        return value
    found = _serialised(value.lower())
    if found is None:
        raise PydanticCustomError(
            "origin", 'must be an origin without a path, like https://app.example.com, or "*" for every page'
        )
    return found


def _header(value: str) -> str:
    name = value.lower()
    if _HEADER.fullmatch(name) is None:
        raise PydanticCustomError("header", "must be the name of a header, like x-tenant")
    return name


def _serialised(value: str) -> str | None:
    """Returns `value` as browsers write it, with a port only if it is not the default of the scheme."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not _is_host(host) or port == 0:
        return None
    shown = f"[{host}]" if ":" in host else host
    at = shown if port in {None, _PORTS[parts.scheme]} else f"{shown}:{port}"
    written = {f"{parts.scheme}://{shown}", f"{parts.scheme}://{shown}:{port}"}
    return f"{parts.scheme}://{at}" if value in written else None


def _is_host(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return _HOST.fullmatch(name) is not None
    return True


HostName = Annotated[str, AfterValidator(_host)]
Origin = Annotated[str, AfterValidator(_origin)]
HeaderName = Annotated[str, AfterValidator(_header)]
