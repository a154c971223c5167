"""Changes, deletes and resets all links that a choice of tags has, in one call each (DOC).

The vendor returns none of the links. It keeps protected links without a word (DOC).
"""

from collections.abc import Sequence
from typing import Final

from linkweave.errors import InvalidChoiceError
from linkweave.models import LinkFilter
from linkweave.models.changes import InputProblem, LinkPatch
from linkweave.providers.tinycc.expiry import NEEDED
from linkweave.providers.tinycc.inferred import MAX_EXPRESSION_CHARACTERS
from linkweave.providers.tinycc.link_wire import Done
from linkweave.providers.tinycc.links import LinkReader
from linkweave.providers.tinycc.list_plan import TagChoice
from linkweave.providers.tinycc.updating import vendor_changes
from linkweave.transport.call import Call

TAGGED_UPDATABLE: Final = frozenset({"note", "expiry", "email_reports", "protected", "archived"})
"""DOC: what a call by tags may change."""

_UPDATE: Final = "update links by tags"
_DELETE: Final = "delete links by tags"
_RESET: Final = "reset statistics by tags"


class TaggedLinkWriter(LinkReader):
    """Writes to all links of a choice of tags, over all domains of the account."""

    def check_tagged_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """The parts of an expiry that the vendor has no parameter for."""
        return tuple(self.check_expiry(patch.expiry, NEEDED))

    async def update_tagged_links(self, tags: LinkFilter, patch: LinkPatch) -> None:
        """Change links in one call.

        Raises:
            InvalidChoiceError: no link can have these tags, or the vendor cannot be told them; nothing was changed.
            VendorError: nothing was changed, or (AmbiguousError) something may have been.
        """
        expression = await self._expression(tags, _UPDATE)
        body = {"urls": [vendor_changes(patch)]}
        await self.fetch(Done, Call(_UPDATE, "PATCH", "/urls", (("tags", expression),), json=body, writes=True))

    async def delete_tagged_links(self, tags: LinkFilter) -> None:
        """Delete links in one call. Protected links stay.

        Raises:
            InvalidChoiceError: as above; nothing was deleted.
            VendorError: nothing was deleted, or (AmbiguousError) something may have been.
        """
        expression = await self._expression(tags, _DELETE)
        await self.fetch(Done, Call(_DELETE, "DELETE", "/urls", (("tags", expression),), writes=True))

    async def reset_tagged_stats(self, tags: LinkFilter) -> None:
        """Delete the clicks of links in one call.

        Raises:
            InvalidChoiceError: as above; nothing was reset.
            VendorError: nothing was reset, or (AmbiguousError) something may have been.
        """
        expression = await self._expression(tags, _RESET)
        await self.fetch(Done, Call(_RESET, "DELETE", "/stats", (("tags", expression),), writes=True))

    async def _expression(self, tags: LinkFilter, operation: str) -> str:
        """The choice in the vendor's syntax. It always names a tag that the links have: no call means all links."""
        choice = TagChoice.among(tags, await self.list_tags())
        if choice is None or not (choice.any_of or choice.all_of):
            raise self.error(InvalidChoiceError, "no link has these tags", operation, field="tags")
        expression = choice.expression()
        if expression is None:
            problem = (
                "a tag among these cannot be in an expression, which has letters, digits, _ and - and at most "
                f"{MAX_EXPRESSION_CHARACTERS} characters"
            )
            raise self.error(InvalidChoiceError, problem, operation, field="tags")
        return expression
