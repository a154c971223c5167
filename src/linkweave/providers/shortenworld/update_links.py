"""Changes and deletes links at ShortenWorld."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import NotFoundError
from linkweave.models import Variant
from linkweave.models.changes import ALL_LINK_FIELDS, UNSET, InputProblem, LinkPatch
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.calls import make_write
from linkweave.providers.shortenworld.link_reader import LinkReader
from linkweave.providers.shortenworld.patch_calls import (
    PASSWORD,
    PATCH_CALLS,
    TESTING,
    PatchCall,
    remaining_share,
    variants_of,
)
from linkweave.providers.shortenworld.patch_problems import patch_problems
from linkweave.providers.shortenworld.refusals import classify_without_words
from linkweave.providers.shortenworld.wire import Reply
from linkweave.providers.write_capabilities import UpdateStep


class LinkUpdater(LinkReader):
    """UPDATE_LINK and DELETE_LINK."""

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """Finds platforms and tags that the vendor does not know, and empty values where it can remove nothing."""
        return (*patch_problems(patch), *self.check_expiry(patch.expiry, needed=()))

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """At most six steps, one call each, for separate groups of fields."""
        given = patch.given()
        return tuple(
            UpdateStep(each.fields & given, partial(self._send, each, patch))
            for each in PATCH_CALLS
            if each.fields & given
        )

    async def delete_link(self, handle: str) -> None:
        """Deletes a link in one call.

        Raises:
            NotFoundError: the vendor does not have the link.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        await self.fetch(Reply, make_write(inferred.DELETE_LINK, {"linkId": handle}))

    async def _send(self, patch_call: PatchCall, patch: LinkPatch, handle: str) -> str:
        """Makes one call of an update, unless it has no parameters. The handle stays, whatever the slug becomes."""
        rest = remaining_share(patch) if patch_call is TESTING else 0
        if rest:
            own = Variant(await self._destination(patch, handle), rest)
            patch = replace(patch, variants=(own, *variants_of(patch)))
        parameters = patch_call.parameters(patch)
        if parameters:
            call = make_write(patch_call.endpoint, {"linkId": handle, **parameters})
            if patch_call is PASSWORD:
                call = replace(call, classify=classify_without_words)
            await self.fetch(Reply, call)
        return handle

    async def _destination(self, patch: LinkPatch, handle: str) -> str:
        """The destination beside the variants; it is read where the patch does not change it.

        Raises:
            NotFoundError: the link does not exist; nothing was changed.
        """
        if patch.destination is not UNSET:
            return patch.destination
        with bypass_cache():
            link = (await self.get_links([handle], ALL_LINK_FIELDS)).get(handle)
        if link is None:
            problem = "the link, whose destination is one of its variants, is not found"
            raise self.error(NotFoundError, problem, TESTING.endpoint.operation)
        return link.destination
