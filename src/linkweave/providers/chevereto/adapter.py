"""Speaks Chevereto's API v1.1, whose one endpoint takes uploads and tells nothing of what is there."""

from typing import Final

from linkweave.errors import RejectedError
from linkweave.providers.base import Adapter
from linkweave.providers.chevereto.refusals import FLOOD_OR_EMPTY
from linkweave.transport.call import Call

PATH: Final = "/api/1/upload"


class CheveretoAdapter(Adapter):
    """Reads nothing, because the API has nothing to read: no links, no lists, no statistics."""

    async def probe(self) -> tuple[str, ...]:
        """Send an upload without a file: the key is checked first, and then nothing is stored.

        Raises:
            VendorError: the answer was anything but the refusal of an empty upload.
        """
        try:
            await self.client.fetch(Call("check the account", "POST", PATH, form=(("format", "json"),)))
        except RejectedError as error:
            if error.provider_code != str(FLOOD_OR_EMPTY):
                raise
        return ()
