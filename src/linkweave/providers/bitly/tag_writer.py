"""Renames and deletes tags. A tag is a word on links, so that each link that has it is changed."""

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import VendorError
from linkweave.models.changes import LinkPatch
from linkweave.providers.batches import chunks
from linkweave.providers.bitly.link_writer import BATCH_SIZE, LinkWriter
from linkweave.providers.paging import MAX_PAGES
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tags_of_links import DELETE_TAG, RENAME_TAG, TagsOfLinks


class TagWriter(LinkWriter, TagsOfLinks):
    """WRITE_TAGS, over the links that have the tag."""

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Put the new name on all links that have the old one, and remove that, 100 links a call.

        Raises:
            NotFoundError: no link has the tag.
            ConflictError: there is a tag with the new name.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        known, others = await self._find_tag(name, RENAME_TAG)
        self.require_new(new_name, others)
        await self._change_all(known, LinkPatch(add_tags=(new_name,), remove_tags=(known,)), RENAME_TAG)
        return new_name

    async def delete_tag(self, name: str) -> None:
        """Remove a tag from all links, 100 a call.

        Raises:
            NotFoundError: no link has the tag.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        known, _ = await self._find_tag(name, DELETE_TAG)
        await self._change_all(known, LinkPatch(remove_tags=(known,)), DELETE_TAG)

    async def _find_tag(self, name: str, operation: str) -> tuple[str, list[str]]:
        """The tag as Bitly spells it, and the others."""
        with bypass_cache():
            tags = await self.list_tags()
        known = next((tag for tag in tags if tag.casefold() == name.casefold()), None)
        if known is None:
            raise self.not_found(operation, "tag")
        return known, [tag for tag in tags if tag != known]

    async def _change_all(self, tag: str, patch: LinkPatch, operation: str) -> None:
        changed, handles = 0, await self._handles_with(tag, operation)
        try:
            for group in chunks(handles, BATCH_SIZE):
                results = await self.mark_links(group, patch, operation)
                changed += results.count(None)
        except VendorError as error:
            if not changed:
                raise
            raise self.half_done(changed, len(handles), operation) from error
        if changed < len(handles):
            raise self.half_done(changed, len(handles), operation)

    async def _handles_with(self, tag: str, operation: str) -> list[str]:
        """Every link that has the tag, also the archived ones."""
        lane, handles, page = Lane("tag", {"archived": "both", "tags": tag}), list[str](), None
        for _ in range(MAX_PAGES):
            with bypass_cache():
                found = await self.list_links(lane, page)
            handles += [link.handle for link in found.items if tag in link.tags]
            page = found.next
            if page is None:
                return handles
        raise self.unsupported(operation, f"has more links with this tag than the {MAX_PAGES} pages that are read")
