"""Puts credentials on a call in a low layer, so that no layer above ever holds one."""

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Final, Protocol

from pydantic import SecretStr

from linkweave.errors import UnauthenticatedError
from linkweave.transport.call import Answer, Call, Send, Transport

_UNAUTHORIZED: Final = 401


class Credentials(Protocol):
    """The credentials of one account."""

    async def sign(self, call: Call, send: Send) -> Call:
        """Returns `call` with the credentials on it; `send` sends the calls that obtain a token.

        Raises:
            VendorError: the vendor gave no token.
        """
        ...

    async def renew(self, signed: Call, send: Send) -> bool:
        """Obtains new credentials after the vendor has refused those of `signed`; False if there are none.

        Raises:
            VendorError: they could not be obtained. The error says more than the refusal.
        """
        ...

    async def close(self, send: Send) -> None:
        """Returns to the vendor what it has handed out, such as a token. Never raises."""
        ...


class StaticCredentials:
    """Credentials that do not change."""

    async def renew(self, signed: Call, send: Send) -> bool:  # noqa: ARG002 - the protocol's signature
        """Static credentials have no successor."""
        return False

    async def close(self, send: Send) -> None:
        """The vendor has handed out nothing."""


@dataclass(frozen=True, slots=True)
class HeaderKey(StaticCredentials):
    """A secret in a header: `HeaderKey("authorization", token, "Bearer ")` or `HeaderKey("x-api-key", key)`."""

    name: str
    secret: SecretStr
    prefix: str = ""

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Adds the header."""
        value = self.prefix + self.secret.get_secret_value()
        return replace(call, headers=(*call.headers, (self.name, value)))


@dataclass(frozen=True, slots=True)
class QueryKey(StaticCredentials):
    """A secret in the query string, for vendors that accept it nowhere else."""

    name: str
    secret: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Puts the parameter first, as vendors' documents show it."""
        return replace(call, query=((self.name, self.secret.get_secret_value()), *call.query))


@dataclass(frozen=True, slots=True)
class FormKey(StaticCredentials):
    """A secret among the fields of a form, for vendors that take it nowhere else but in the query string."""

    name: str
    secret: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Puts the field first."""
        return replace(call, form=((self.name, self.secret.get_secret_value()), *(call.form or ())))


@dataclass(frozen=True, slots=True)
class BasicAuth(StaticCredentials):
    """HTTP Basic."""

    username: str
    password: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Adds the header."""
        pair = f"{self.username}:{self.password.get_secret_value()}"
        header = ("authorization", f"Basic {b64encode(pair.encode()).decode()}")
        return replace(call, headers=(*call.headers, header))


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Signs every call. Where the vendor refuses the credentials, it renews them and sends the call again once.

    Some vendors refuse credentials under HTTP 200 (FOUND: ShortenWorld), so the answer's refusal counts too.
    """

    inner: Transport
    credentials: Credentials

    async def send(self, call: Call) -> Answer:
        """Sends `call` signed."""
        if not call.signed:
            return await self.inner.send(call)
        signed = await self.credentials.sign(call, self.inner.send)
        answer = await self.inner.send(signed)
        refused = answer.status == _UNAUTHORIZED or answer.refused_as(UnauthenticatedError)
        if refused and await self.credentials.renew(signed, self.inner.send):
            answer = await self.inner.send(await self.credentials.sign(call, self.inner.send))
        return answer
