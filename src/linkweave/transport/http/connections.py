"""Connections to vendors, and to the issuer of tokens: whom they trust, and which proxy they use."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Final

import httpx2
from pydantic import SecretStr

from linkweave.errors import ConfigurationError
from linkweave.settings.network import NetworkSettings
from linkweave.transport.http.bounded_heads import HeadBoundedTransport

_LIMITS: Final = httpx2.Limits(max_connections=100, max_keepalive_connections=20)


def trusted_certificates(files: Iterable[Path], *, of_system: bool = True) -> ssl.SSLContext:
    """Trusts the certificates in `files` (PEM), and those of the operating system unless `of_system` is False.

    Raises:
        ConfigurationError: a file cannot be read, or has no certificate.
    """
    context = httpx2.create_ssl_context(trust_env=False) if of_system else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for file in files:
        try:
            context.load_verify_locations(cafile=str(file))
        except ssl.SSLError:
            raise ConfigurationError(f"{file}: has no certificate in PEM format; it is named by ca_file") from None
        except OSError as error:
            raise ConfigurationError(f"{file}: cannot be read: {error.strerror}; it is named by ca_file") from None
    return context


@dataclass(frozen=True, slots=True)
class Connector:
    """Opens connections by the settings of `[network]`. Files that settings name are in `folder`.

    `wire` replaces the network, in tests.
    """

    network: NetworkSettings = field(default_factory=NetworkSettings)
    folder: Path = Path()
    wire: httpx2.AsyncBaseTransport | None = None
    # The certificates of the operating system take 16 ms to load, so accounts that trust the same share them. MEASURED.
    _trusted: dict[tuple[Path, ...], ssl.SSLContext] = field(default_factory=dict, init=False, repr=False)

    def open(self, proxy: SecretStr | None = None, ca_file: str | None = None) -> httpx2.AsyncClient:
        """Connections through `proxy`, or that of `[network]`, which also trust the certificates in `ca_file`.

        Raises:
            ConfigurationError: a file with certificates cannot be used.
        """
        files = tuple(self.folder / file for file in (self.network.ca_file, ca_file) if file is not None)
        if files not in self._trusted:
            # A wire asks for no certificate.
            self._trusted[files] = trusted_certificates(files, of_system=self.wire is None)
        own = self.network if proxy is None else self.network.model_copy(update={"proxy": proxy})
        return open_connections(self._trusted[files], own, self.wire)


def open_connections(
    tls: ssl.SSLContext, network: NetworkSettings, wire: httpx2.AsyncBaseTransport | None = None
) -> httpx2.AsyncClient:
    """Connections that follow no redirects and keep no cookies. `wire` replaces the network, in tests."""
    proxy = None if network.proxy is None or wire is not None else network.proxy.get_secret_value()
    mounts: dict[str, httpx2.AsyncBaseTransport | None] = {}
    if proxy is not None:
        mounts = {f"all://{pattern}": None for host in network.no_proxy for pattern in (host, f"*.{host}")}
        mounts["all://"] = HeadBoundedTransport(tls, _LIMITS, proxy)
    http = httpx2.AsyncClient(
        transport=wire or HeadBoundedTransport(tls, _LIMITS),
        mounts=mounts,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(None, connect=5),
        headers={"user-agent": "linkweave"},
    )
    http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return http
