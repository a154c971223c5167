"""Puts key and workspace on every call: without the workspace, a call acts on another one and nobody notices."""

from dataclasses import dataclass, replace

from linkweave.providers.rebrandly.settings import RebrandlySettings
from linkweave.transport.call import Call, Send
from linkweave.transport.http.auth import HeaderKey, StaticCredentials


@dataclass(frozen=True, slots=True)
class WorkspaceKey(StaticCredentials):
    """The key of a user, and one of the user's workspaces."""

    key: HeaderKey
    workspace: str | None

    @classmethod
    def of(cls, settings: RebrandlySettings) -> "WorkspaceKey":
        """The key and the workspace of an account."""
        return cls(HeaderKey("apikey", settings.api_key), settings.workspace)

    async def sign(self, call: Call, send: Send) -> Call:
        """Adds one header or two."""
        signed = await self.key.sign(call, send)
        if self.workspace is None:
            return signed
        return replace(signed, headers=(*signed.headers, ("workspace", self.workspace)))
