"""The caller of a request, which authentication identifies for all layers below it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.types import Scope as Request

from linkweave.edge.http.request_state import CALLER, IDENTIFY
from linkweave.gather.rights import FULL_RIGHTS, Rights
from linkweave.settings import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """A client of the configuration, the bearer of an issuer's token, or any process on this machine.

    Callers with the same `rights` get the same answers. `name` is for logs, rate limits and idempotency keys. `expires`
    says that the caller's token does.
    """

    name: str
    rights: Rights
    requests_per_minute: int | None = None
    expires: bool = False

    @property
    def is_lasting(self) -> bool:
        """Whether every later request of this caller passes authentication and rate limits as this one did."""
        return self.requests_per_minute is None and not self.expires

    @property
    def may_read(self) -> bool:
        """Whether the caller may send queries."""
        return Scope.READ in self.rights.scopes

    @property
    def may_write(self) -> bool:
        """Whether the caller may send mutations."""
        return Scope.WRITE in self.rights.scopes

    @property
    def is_admin(self) -> bool:
        """Whether the caller may see the state of the gateway itself, with all accounts."""
        return Scope.ADMIN in self.rights.scopes and self.rights.accounts is None


# Every caller of a gateway without clients, which only this machine can reach.
ANONYMOUS: Final = Caller("anonymous", FULL_RIGHTS)

# A browser that opens GraphiQL's page without a token: it gets the page, and may send no operation.
PAGE_VISITOR: Final = Caller("nobody", Rights(frozenset(), frozenset()))


# Returns the caller of a request. Raises RequestRejectedError where there is none.
Identify: TypeAlias = Callable[[Request], Awaitable[Caller]]


def set_caller(request: Request, caller: Caller) -> None:
    """Store the caller in the state of an ASGI scope."""
    request.setdefault("state", {})[CALLER] = caller


def caller_of(request: Request) -> Caller:
    """Returns the caller. A request without one is an error, not an anonymous request.

    Raises:
        KeyError: no layer has identified the caller.
    """
    caller: Caller = request["state"][CALLER]
    return caller


async def identify_again(request: Request) -> Caller:
    """Returns the caller of a request that goes on for a long time, with the rights that it has by now.

    Raises:
        RequestRejectedError: its token is not accepted any more.
    """
    identify: Identify = request["state"][IDENTIFY]
    return await identify(request)
