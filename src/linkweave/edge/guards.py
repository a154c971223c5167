"""What stands before the operation cache: who may come in, and how often."""

from linkweave.edge.authentication import authenticated, trusting
from linkweave.edge.callers import ANONYMOUS, Caller
from linkweave.edge.clients import Clients
from linkweave.edge.pipeline import Layer
from linkweave.settings import Settings


def guards(settings: Settings) -> list[Layer]:
    """The layers that `settings` ask for, outermost first."""
    return [_authentication(settings)]


def _authentication(settings: Settings) -> Layer:
    if not settings.knows_callers:
        # Only this machine reaches such a gateway: settings see to that.
        return trusting(ANONYMOUS)
    clients = Clients(settings.clients)

    async def identify(token: bytes) -> Caller | None:
        return clients.find(token)

    return authenticated(identify)
