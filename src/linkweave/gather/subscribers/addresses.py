"""Where messages may go: to public addresses over HTTPS, unless the settings allow others.

A name is resolved before each delivery, and the connection is made to the address that was checked. So a name that
leads to a public address now, and to a private one a moment later, leads nowhere.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from linkweave.settings.values import has_plain_host

MAX_URL: Final = 2_000

# Returns the addresses of a host. Raises OSError where there are none.
Resolve: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
Address: TypeAlias = IPv4Address | IPv6Address

# RFC 6052: the last 32 bits are an IPv4 address.
_NAT64: Final = ip_network("64:ff9b::/96")


class ForbiddenAddressError(Exception):
    """Nothing is sent to this address. The message is for whoever made the subscriber."""


def check_url(url: str, *, allow_private: bool) -> None:
    """Checks what a URL itself says.

    Raises:
        ForbiddenAddressError: nothing may be sent there.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        is_url = parts.scheme in {"http", "https"} and bool(host) and parts.port != 0 and has_plain_host(parts)
    except ValueError:
        host, is_url = None, False
    plain = url.isprintable() and url.isascii() and not any(sign in url for sign in " #@\\")
    if not is_url or not plain or host is None or len(url) > MAX_URL:
        raise ForbiddenAddressError("must be a URL such as https://hooks.example.com/links, without user and fragment")
    if allow_private:
        return
    if parts.scheme != "https":
        raise ForbiddenAddressError("must begin with https://; hooks.allow_private allows http")
    address = as_address(host)
    if host == "localhost" or (address is not None and not is_public(address)):
        raise ForbiddenAddressError("is at a private address; hooks.allow_private allows it")


async def pinned_address(host: str, resolve: Resolve, *, allow_private: bool) -> str:
    """Returns the address to connect to for `host`, all of whose addresses are allowed.

    Raises:
        ForbiddenAddressError: one of them is private.
        OSError: it has no address.
    """
    literal = as_address(host)
    found = [host] if literal is not None else list(await resolve(host))
    if not found:
        raise OSError(f"{host} has no address")
    for each in found:
        address = as_address(each)
        if not allow_private and (address is None or not is_public(address)):
            raise ForbiddenAddressError("leads to a private address; hooks.allow_private allows it")
    return found[0]


def is_public(address: Address) -> bool:
    """Whether the address, and the IPv4 address that it may stand for, is on the Internet."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            return False
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def as_address(host: str) -> Address | None:
    """Returns `host` as an address; None where it is a name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


async def system_resolve(host: str) -> Sequence[str]:
    """Returns the addresses of a host, as the operating system finds them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
