"""URLs in the form in which the catalog compares them."""

from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from linkweave.models import Utm
from linkweave.models.host_names import host_key

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_UTM: Final = "utm_"


def destination_key(url: str) -> str:
    """Returns `url` with scheme and host in lower case, without default port and fragment. An empty path is "/"."""
    parts = _split(url)
    return url if parts is None else _joined(parts, parts.query)


def destination_key_without_utm(url: str) -> str:
    """Returns the same without the parameters whose names begin with utm_. The others stay as they are."""
    parts = _split(url)
    if parts is None:
        return url
    kept = [each for each in parts.query.split("&") if not each.lower().startswith(_UTM)]
    return _joined(parts, "&".join(kept))


def destination_host(url: str) -> str:
    """Returns the host of `url` in the form in which hosts are compared; an empty text where it has none."""
    parts = _split(url)
    return "" if parts is None else host_key(parts.hostname or "")


def short_url_key(url: str) -> str:
    """Returns host and path of a short URL, which is the same link with any scheme and any query.

    The case of the slug stays.
    """
    parts = _split(url)
    return url if parts is None else f"{_host(parts)}/{unquote(parts.path.strip('/'))}"


def utm_of(url: str) -> Utm:
    """Returns the campaign parameters in `url`."""
    parts = _split(url)
    if parts is None or _UTM not in parts.query.lower():
        return Utm()
    found = {name.lower(): value for name, value in reversed(parse_qsl(parts.query))}
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
