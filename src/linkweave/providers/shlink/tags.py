"""Renames and deletes tags. Shlink creates a tag with the first link that has it."""

from linkweave.context.cache_control import bypass_cache
from linkweave.providers.shlink.account import AccountReader
from linkweave.providers.wire import EmptyAnswer
from linkweave.transport.call import Call

_RENAME = "rename tag"
_DELETE = "delete tag"


class TagWriter(AccountReader):
    """WRITE_TAGS."""

    async def create_tag(self, name: str) -> str:
        """Shlink has no call for it.

        Raises:
            UnsupportedError: always.
        """
        raise self.unsupported("create tag", f"creates tags with links only; give {name!r} to a link")

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag, also on its links."""
        body = {"oldName": await self._spelled(name, _RENAME), "newName": new_name}
        await self.fetch(EmptyAnswer, Call(_RENAME, "PUT", "/tags", json=body, writes=True))
        return new_name

    async def delete_tag(self, name: str) -> None:
        """Delete a tag, also from its links. Shlink takes an unknown one without a word, so the tags are read first."""
        query = (("tags[]", await self._spelled(name, _DELETE)),)
        await self.fetch(EmptyAnswer, Call(_DELETE, "DELETE", "/tags", query, writes=True))

    async def _spelled(self, name: str, operation: str) -> str:
        """The tag that differs from `name` in case at most, as the server spells it."""
        with bypass_cache():
            for tag in await self.list_tags():
                if tag.casefold() == name.casefold():
                    return tag
        raise self.not_found(operation, "tag")
