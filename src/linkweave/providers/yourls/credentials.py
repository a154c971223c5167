"""Puts a name and a password among the fields of each request, where the account has no signature."""

from dataclasses import dataclass, replace

from pydantic import SecretStr

from linkweave.clock import Clock
from linkweave.providers.yourls.settings import YourlsSettings
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import Credentials, FormKey, StaticCredentials


@dataclass(frozen=True, slots=True)
class FormLogin(StaticCredentials):
    """A name and a password as fields of the form."""

    username: str
    password: SecretStr

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        """Puts both fields first."""
        login = (("username", self.username), ("password", self.password.get_secret_value()))
        return replace(call, form=(*login, *(call.form or ())))


def credentials(settings: YourlsSettings, _clock: Clock) -> Credentials:
    """The signature if the account has one, else the name and the password."""
    if settings.username is not None and settings.password is not None:
        return FormLogin(settings.username, settings.password)
    return FormKey("signature", settings.signature or SecretStr(""))
