"""Credentials are put on a call just above the wire, so that no layer above ever holds one."""

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import SecretStr

from linkweave.transport.call import Answer, Call, Send, Transport


class Credentials(Protocol):
    """How one account proves itself to its vendor."""

    async def sign(self, call: Call, send: Send) -> Call:
        """`call` with the credentials on it; `send` asks the vendor for a token where there must be one.

        Raises:
            VendorError: the vendor gave no token.
        """
        ...

    async def renew(self, signed: Call, send: Send) -> bool:
        """True when new credentials were got after the vendor refused `signed` with 401.

        Raises:
            VendorError: asking for new ones failed, and why is worth more than the 401.
        """
        ...

    async def close(self, send: Send) -> None:
        """Give back what the vendor handed out. Never raises."""
        ...


class StaticCredentials:
    """Credentials that do not change: nothing to renew, nothing to give back."""

    async def renew(self, signed: Call, send: Send) -> bool:  # noqa: ARG002 - the protocol's signature
        """Refused credentials stay refused."""
        return False

    async def close(self, send: Send) -> None:
        """Nothing was handed out."""


@dataclass(frozen=True, slots=True)
class HeaderKey(StaticCredentials):
    """A secret in a header: `HeaderKey("authorization", token, "Bearer ")` or `HeaderKey("x-api-key", key)`."""

    name: str
    secret: SecretStr
    prefix: str = ""

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Add the header."""
        value = self.prefix + self.secret.get_secret_value()
        return replace(call, headers=(*call.headers, (self.name, value)))


@dataclass(frozen=True, slots=True)
class QueryKey(StaticCredentials):
    """A secret in the query string, for vendors that take it nowhere else."""

    name: str
    secret: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Put the parameter first, as vendors' documents show it."""
        return replace(call, query=((self.name, self.secret.get_secret_value()), *call.query))


@dataclass(frozen=True, slots=True)
class FormKey(StaticCredentials):
    """A secret among the fields of a form, for vendors that take it nowhere else but in the query string."""

    name: str
    secret: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Put the field first."""
        return replace(call, form=((self.name, self.secret.get_secret_value()), *(call.form or ())))


@dataclass(frozen=True, slots=True)
class BasicAuth(StaticCredentials):
    """HTTP Basic."""

    username: str
    password: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Add the header."""
        pair = f"{self.username}:{self.password.get_secret_value()}"
        header = ("authorization", f"Basic {b64encode(pair.encode()).decode()}")
        return replace(call, headers=(*call.headers, header))


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Signs every call; after a 401 asks for new credentials and sends once more, never twice."""

    inner: Transport
    credentials: Credentials

    async def send(self, call: Call) -> Answer:
        """Send `call` signed."""
        if not call.signed:
            return await self.inner.send(call)
        signed = await self.credentials.sign(call, self.inner.send)
        answer = await self.inner.send(signed)
        if answer.status == 401 and await self.credentials.renew(signed, self.inner.send):  # noqa: PLR2004
            answer = await self.inner.send(await self.credentials.sign(call, self.inner.send))
        return answer
