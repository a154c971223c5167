"""Creates, renames and deletes tags."""

from collections.abc import Iterable
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import ConflictError
from linkweave.providers.dub.account import AccountReader
from linkweave.providers.dub.settings import API
from linkweave.providers.dub.wire import DeletedAnswer, TagAnswer, TagRow
from linkweave.transport.call import Call

_CREATE: Final = "create tag"
_RENAME: Final = "rename tag"
_DELETE: Final = "delete tag"


class TagWriter(AccountReader):
    """WRITE_TAGS. Dub knows a tag by its id, so that the tags are read first."""

    async def create_tag(self, name: str) -> str:
        """Create a tag, or find the one that exists: Dub refuses a second one of the name (DOC)."""
        call = Call(_CREATE, "POST", "/tags", json={"name": name}, bucket=API, writes=True)
        try:
            answer, _ = await self.fetch(TagAnswer, call)
        except ConflictError:
            with bypass_cache():
                known = _named(name, await self.fetch_tags(_CREATE))
            if known is None:
                raise
            return known.name
        return answer.name

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag, also on its links."""
        path = await self._path_of(name, _RENAME)
        call = Call(_RENAME, "PATCH", path, json={"name": new_name}, bucket=API, writes=True)
        return (await self.fetch(TagAnswer, call))[0].name

    async def delete_tag(self, name: str) -> None:
        """Delete a tag, also from its links."""
        path = await self._path_of(name, _DELETE)
        await self.fetch(DeletedAnswer, Call(_DELETE, "DELETE", path, bucket=API, writes=True))

    async def ensure_tags(self, names: Iterable[str]) -> None:
        """Create the tags that do not exist: a link takes no others (DOC)."""
        names = tuple(names)
        known = {tag.casefold() for tag in await self.list_tags()} if names else set()
        for name in names:
            if name.casefold() not in known:
                await self.create_tag(name)

    async def _path_of(self, name: str, operation: str) -> str:
        with bypass_cache():
            known = _named(name, await self.fetch_tags(operation))
        if known is None:
            raise self.not_found(operation, "tag")
        return self.path_to("/tags", known.id, operation, "tag")


def _named(name: str, tags: Iterable[TagRow]) -> TagRow | None:
    """The tag that differs from `name` in case at most."""
    return next((tag for tag in tags if tag.name.casefold() == name.casefold()), None)
