"""Who asks. Authentication finds out, and writes it into the request for all that comes after."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope as Request

from linkweave.edge.http.request_state import CALLER
from linkweave.gather.rights import FULL_RIGHTS, Rights
from linkweave.settings import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller: a client of the configuration, the bearer of another issuer's token, or whoever is on this machine.

    `rights` are what it may do and see: two callers with the same ones get the same answers. `name` is for logs, rate
    limits and idempotency keys. `expires` where it is not let in for ever.
    """

    name: str
    rights: Rights
    requests_per_minute: int | None = None
    expires: bool = False

    @property
    def is_lasting(self) -> bool:
        """Whether a request of this caller that was let in once will always be."""
        return self.requests_per_minute is None and not self.expires

    @property
    def may_read(self) -> bool:
        """Whether it may send queries."""
        return Scope.READ in self.rights.scopes

    @property
    def may_write(self) -> bool:
        """Whether it may send mutations."""
        return Scope.WRITE in self.rights.scopes

    @property
    def is_admin(self) -> bool:
        """Whether it may be told of the gateway itself, all accounts included."""
        return Scope.ADMIN in self.rights.scopes and self.rights.accounts is None


# Whoever reaches a gateway without clients, which only this machine can.
ANONYMOUS: Final = Caller("anonymous", FULL_RIGHTS)

# Whoever opens GraphiQL's page without saying who it is: it may look at the page and ask nothing.
NOBODY: Final = Caller("nobody", Rights(frozenset(), frozenset()))


def note_caller(request: Request, caller: Caller) -> None:
    """Write into an ASGI scope who asks."""
    request.setdefault("state", {})[CALLER] = caller


def caller_of(request: Request) -> Caller:
    """Who asks. A request that no authentication has seen is an error, not an anonymous caller.

    Raises:
        KeyError: nobody has found out.
    """
    caller: Caller = request["state"][CALLER]
    return caller
