"""What the making of a subscriber needs, and each delivery to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import SecretStr

from linkweave.gather.rights import Rights
from linkweave.gather.subscribers.sender import Sender

MAX_SUBSCRIBERS: Final = 50
"""Maximum number of subscribers of one client."""

# Returns the rights of a client by now; None where it may do nothing any more, or where only its token tells them.
RightsOf: TypeAlias = Callable[[str], Rights | None]


@dataclass(frozen=True, slots=True)
class SubscriberTools:
    """The secret from which those of subscribers follow, the way out, and the rights of clients."""

    secret: SecretStr
    sender: Sender
    rights_of: RightsOf

    async def close(self) -> None:
        """Closes the connections to subscribers."""
        await self.sender.http.aclose()
