"""URLs in the form in which the catalog compares them."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from linkweave.models import Utm
from linkweave.models.host_names import host_key

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_UTM: Final = "utm_"
_NO_UTM: Final = Utm()


@dataclass(frozen=True, slots=True)
class ComparedDestination:
    """A destination in the forms in which it is compared.

    Attributes:
        key: with scheme and host in lower case, without default port and fragment. An empty path is "/".
        key_without_utm: the same without the parameters whose names begin with utm_. The others stay as they are.
        host: in the form in which hosts are compared; empty where there is none.
        utm: the campaign parameters.
    """

    key: str
    key_without_utm: str
    host: str
    utm: Utm


def compared_destination(url: str) -> ComparedDestination:
    """Returns the forms in which `url` is compared. A text that is no URL stays as it is."""
    parts = _split(url)
    if parts is None:
        return ComparedDestination(url, url, "", _NO_UTM)
    key, host = _joined(parts, parts.query), host_key(parts.hostname or "")
    if _UTM not in parts.query.lower():
        return ComparedDestination(key, key, host, _NO_UTM)
    kept = [each for each in parts.query.split("&") if not each.lower().startswith(_UTM)]
    return ComparedDestination(key, _joined(parts, "&".join(kept)), host, _utm(parts.query))


def path_and_query(url: str) -> str:
    """Returns the part of `url` that all its spellings share, at least "/". A text that is no URL stays as it is."""
    parts = _split(url)
    return url if parts is None else urlunsplit(("", "", parts.path or "/", parts.query, ""))


def short_url_key(url: str) -> str:
    """Returns host and path of a short URL, which is the same link with any scheme and any query.

    The case of the slug stays.
    """
    parts = _split(url)
    return url if parts is None else f"{_host(parts)}/{unquote(parts.path.strip('/'))}"


def _utm(query: str) -> Utm:
    found = {name.lower(): value for name, value in reversed(parse_qsl(query))}
    names = ("source", "medium", "campaign", "term", "content")
    return Utm(*(found.get(f"{_UTM}{name}") for name in names))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        # The port is read only when it is asked for.
        _ = parts.port
    except ValueError:
        return None
    return parts


def _joined(parts: SplitResult, query: str) -> str:
    login = parts.netloc.rpartition("@")[0]
    netloc = f"{login}@{_host(parts)}" if login else _host(parts)
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", query, ""))


def _host(parts: SplitResult) -> str:
    host = host_key(parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    is_default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme.lower())
    return shown if is_default else f"{shown}:{parts.port}"
