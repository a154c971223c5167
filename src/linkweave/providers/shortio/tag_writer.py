"""Renames and deletes tags. A tag is a word on links, so that each link that has it is changed."""

from collections.abc import Sequence
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, ConflictError, VendorError
from linkweave.models import Link
from linkweave.models.changes import LinkPatch
from linkweave.providers.shortio.inferred import MAX_TAGGED_LINKS
from linkweave.providers.shortio.link_body import tags_after
from linkweave.providers.shortio.link_writer import LinkWriter
from linkweave.providers.shortio.settings import LINK
from linkweave.providers.shortio.wire import LinkAnswer
from linkweave.transport.call import Call

_CREATE: Final = "create tag"
_RENAME: Final = "rename tag"
_DELETE: Final = "delete tag"


class TagWriter(LinkWriter):
    """WRITE_TAGS, over the links that have the tag."""

    async def create_tag(self, name: str) -> str:  # noqa: ARG002 - no tag can be created alone
        """Raises UnsupportedError: a tag exists while a link has it."""
        raise self.unsupported(_CREATE, "has no tag without a link; give it to a link")

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
        tags = {tag for link in links for tag in link.tags if tag.casefold() != name.casefold()}
        if new_name.casefold() in map(str.casefold, tags):
            raise self.error(ConflictError, "there is a tag with the new name", _RENAME)
        await self._change_all(links, name, LinkPatch(add_tags=(new_name,), remove_tags=(name,)), _RENAME)
        return new_name

    async def delete_tag(self, name: str) -> None:
        """Remove a tag from all links, one call each.

        Raises:
            NotFoundError: no link has the tag.
            UnsupportedError: more links have the tag than are changed at once. None was changed.
            AmbiguousError: some links were changed, and not all.
            VendorError: no link was changed.
        """
        await self._change_all(await self._read_links(), name, LinkPatch(remove_tags=(name,)), _DELETE)

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
            body = {"tags": tags_after(link.tags, patch)}
            path = self.link_path(link.handle, operation)
            try:
                await self.fetch(LinkAnswer, Call(operation, "POST", path, json=body, bucket=LINK, writes=True))
            except VendorError as error:
                if not done:
                    raise
                problem = f"{done} of {len(tagged)} links with the tag were changed"
                raise self.error(AmbiguousError, problem, operation, provider_code=error.provider_code) from error
