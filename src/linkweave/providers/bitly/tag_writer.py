"""Renames and deletes tags. A tag is a word on links, so that each link that has it is changed."""

from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, ConflictError, VendorError
from linkweave.models.changes import LinkPatch
from linkweave.providers.batches import chunks
from linkweave.providers.bitly.link_writer import BATCH_SIZE, LinkWriter
from linkweave.providers.paging import MAX_PAGES
from linkweave.providers.read_capabilities import Lane

_CREATE: Final = "create tag"
_RENAME: Final = "rename tag"
_DELETE: Final = "delete tag"


class TagWriter(LinkWriter):
    """WRITE_TAGS, over the links that have the tag."""

    async def create_tag(self, name: str) -> str:  # noqa: ARG002 - no tag can be created alone
        """Raises UnsupportedError: a tag exists while a link has it."""
        raise self.unsupported(_CREATE, "has no tag without a link; give it to a link")

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Put the new name on all links that have the old one, and remove that, 100 links a call.

        Raises:
            NotFoundError: no link has the tag.
            ConflictError: there is a tag with the new name.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        known, others = await self._find_tag(name, _RENAME)
        if new_name.casefold() in {tag.casefold() for tag in others}:
            raise self.error(ConflictError, "there is a tag with the new name", _RENAME)
        await self._change_all(known, LinkPatch(add_tags=(new_name,), remove_tags=(known,)), _RENAME)
        return new_name

    async def delete_tag(self, name: str) -> None:
        """Remove a tag from all links, 100 a call.

        Raises:
            NotFoundError: no link has the tag.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        known, _ = await self._find_tag(name, _DELETE)
        await self._change_all(known, LinkPatch(remove_tags=(known,)), _DELETE)

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
            raise self._half_done(changed, len(handles), operation) from error
        if changed < len(handles):
            raise self._half_done(changed, len(handles), operation)

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

    def _half_done(self, changed: int, count: int, operation: str) -> AmbiguousError:
        return self.error(AmbiguousError, f"{changed} of {count} links with the tag were changed", operation)
