"""URLs in the form in which the catalog compares them."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

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


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a URL. `address` is its host, with the port if that is not the usual one."""

    scheme: str
    login: str
    host: str
    address: str
    path: str
    query: str

    def joined(self, query: str) -> str:
        """Returns the URL without its fragment, and with another query."""
        netloc = f"{self.login}@{self.address}" if self.login else self.address
        return urlunsplit((self.scheme, netloc, self.path or "/", query, ""))


def compared_destination(url: str) -> ComparedDestination:
    """Returns the forms in which `url` is compared. A text that is no URL stays as it is."""
    parts = _split(url)
    if parts is None:
        return ComparedDestination(url, url, "", _NO_UTM)
    key = parts.joined(parts.query)
    if _UTM not in parts.query.lower():
        return ComparedDestination(key, key, parts.host, _NO_UTM)
    kept = [each for each in parts.query.split("&") if not each.lower().startswith(_UTM)]
    return ComparedDestination(key, parts.joined("&".join(kept)), parts.host, _utm(parts.query))


def path_and_query(url: str) -> str:
    """Returns the part of `url` that all its spellings share, at least "/". A text that is no URL stays as it is."""
    parts = _split(url)
    return url if parts is None else urlunsplit(("", "", parts.path or "/", parts.query, ""))


def short_url_key(url: str) -> str:
    """Returns host and path of a short URL, which is the same link with any scheme and any query.

    The case of the slug stays.
    """
    parts = _split(url)
    return url if parts is None else f"{parts.address}/{unquote(parts.path.strip('/'))}"


def _utm(query: str) -> Utm:
    found = {name.lower(): value for name, value in reversed(parse_qsl(query))}
    names = ("source", "medium", "campaign", "term", "content")
    return Utm(*(found.get(f"{_UTM}{name}") for name in names))


def _split(url: str) -> _Parts | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), host_key(parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    address = shown if port is None or port == _DEFAULT_PORTS.get(scheme) else f"{shown}:{port}"
    return _Parts(scheme, parts.netloc.rpartition("@")[0], host, address, parts.path, parts.query)
