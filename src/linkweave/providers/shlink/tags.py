"""Renames and deletes tags. Shlink creates a tag with the first link that has it."""

from linkweave.context.cache_control import bypass_cache
from linkweave.providers.shlink.account import AccountReader
from linkweave.providers.tags_of_links import DELETE_TAG, RENAME_TAG, TagsOfLinks
from linkweave.providers.wire import EmptyAnswer
from linkweave.transport.call import Call


class TagWriter(AccountReader, TagsOfLinks):
    """WRITE_TAGS."""

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag, also on its links."""
        body = {"oldName": await self._spelled(name, RENAME_TAG), "newName": new_name}
        await self.fetch(EmptyAnswer, Call(RENAME_TAG, "PUT", "/tags", json=body, writes=True))
        return new_name

    async def delete_tag(self, name: str) -> None:
        """Delete a tag, also from its links. Shlink takes an unknown one without a word, so the tags are read first."""
        query = (("tags[]", await self._spelled(name, DELETE_TAG)),)
        await self.fetch(EmptyAnswer, Call(DELETE_TAG, "DELETE", "/tags", query, writes=True))

    async def _spelled(self, name: str, operation: str) -> str:
        """The tag that differs from `name` in case at most, as the server spells it."""
        with bypass_cache():
            for tag in await self.list_tags():
                if tag.casefold() == name.casefold():
                    return tag
        raise self.not_found(operation, "tag")
