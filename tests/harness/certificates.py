"""TLS servers with new certificates of an authority that no client trusts by default."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = x509.IPAddress(ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("vendor.example")
_PEM = serialization.Encoding.PEM


@dataclass
class TlsServer:
    """A server on this machine: its port, its certificate, and all that was sent to it."""

    port: int
    certificate: str
    received: list[bytes] = field(default_factory=list)

    def trusting(self) -> ssl.SSLContext:
        """What trusts its certificate, and no other."""
        return ssl.create_default_context(cadata=self.certificate)


@asynccontextmanager
async def tls_server(folder: Path, name: x509.GeneralName) -> AsyncIterator[TlsServer]:
    """Answers every request with an empty object, under a certificate for `name` that it has signed itself."""
    file = folder / "self-signed.pem"
    certificate = _write_self_signed(file, name)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(file)
    served = TlsServer(0, certificate)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.received.append(await reader.read(65_536))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        yield served


def _write_self_signed(file: Path, name: x509.GeneralName) -> str:
    """Writes the certificate and its key to `file`, and returns the certificate."""
    key, whose = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(whose, whose, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    built = built.add_extension(x509.SubjectAlternativeName([name]), critical=False)
    certificate = built.sign(key, hashes.SHA256()).public_bytes(_PEM)
    private = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(certificate + private)
    return certificate.decode()
