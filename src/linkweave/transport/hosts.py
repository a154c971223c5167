"""Sends each call to the host that it names, for vendors whose API has several."""

from collections.abc import Mapping
from dataclasses import dataclass

from linkweave.transport.call import Answer, Call, Transport


@dataclass(frozen=True, slots=True)
class HostRouter:
    """Passes a call to the layers of its host. Each host has a circuit of its own: one may be down without the other.

    `others` has the layers of each further host, by its address.
    """

    main: Transport
    others: Mapping[str, Transport]

    async def send(self, call: Call) -> Answer:
        """Sends `call`.

        Raises:
            VendorError: there is no complete answer.
        """
        return await (self.main if call.host is None else self.others[call.host]).send(call)
