"""Renames and deletes tags. A tag is a word on links, so that each link that has it is changed."""

from collections.abc import Sequence

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import VendorError
from linkweave.models import Link
from linkweave.models.changes import LinkPatch
from linkweave.providers.shortio.inferred import MAX_TAGGED_LINKS
from linkweave.providers.shortio.link_writer import LinkWriter
from linkweave.providers.shortio.settings import LINK
from linkweave.providers.shortio.wire import LinkAnswer
from linkweave.providers.tags_of_links import DELETE_TAG, RENAME_TAG, TagsOfLinks
from linkweave.transport.call import Call


class TagWriter(LinkWriter, TagsOfLinks):
    """WRITE_TAGS, over the links that have the tag."""

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Put the new name on all links that have the old one, and remove that, one call each.

        Raises:
            NotFoundError: no link has the tag.
            ConflictError: there is a tag with the new name.
            UnsupportedError: more links have the tag than are changed at once. None was changed.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        links = await self._read_links()
        self.require_new(new_name, (tag for link in links for tag in link.tags if tag.casefold() != name.casefold()))
        await self._change_all(links, name, LinkPatch(add_tags=(new_name,), remove_tags=(name,)), RENAME_TAG)
        return new_name

    async def delete_tag(self, name: str) -> None:
        """Remove a tag from all links, one call each.

        Raises:
            NotFoundError: no link has the tag.
            UnsupportedError: more links have the tag than are changed at once. None was changed.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        await self._change_all(await self._read_links(), name, LinkPatch(remove_tags=(name,)), DELETE_TAG)

    async def _read_links(self) -> Sequence[Link]:
        with bypass_cache():
            return await self.read_tagged_pages()

    async def _change_all(self, links: Sequence[Link], tag: str, patch: LinkPatch, operation: str) -> None:
        tagged = [link for link in links if tag.casefold() in map(str.casefold, link.tags)]
        if not tagged:
            raise self.not_found(operation, "tag")
        if len(tagged) > MAX_TAGGED_LINKS:
            problem = f"has {len(tagged)} links with this tag, and takes a call for each; {MAX_TAGGED_LINKS} at most"
            raise self.unsupported(operation, problem)
        for done, link in enumerate(tagged):
            body = {"tags": patch.tags_after(link.tags)}
            path = self.link_path(link.handle, operation)
            try:
                await self.fetch(LinkAnswer, Call(operation, "POST", path, json=body, bucket=LINK, writes=True))
            except VendorError as error:
                if not done:
                    raise
                raise self.half_done(done, len(tagged), operation, error.provider_code) from error
