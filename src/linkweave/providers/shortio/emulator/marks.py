"""Archives links, takes them back, and gives them tags."""

from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import RefusedError
from linkweave.providers.shortio.emulator.fields import body_of
from linkweave.providers.shortio.emulator.store import Store, StoredLink

_MAX_IDS: Final = 150


class MarkEndpoints:
    """Marks of links, alone and of several at once. Unknown ids of several are passed over (INFERRED)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def archive(self, request: Request) -> object:
        """POST /links/archive."""
        return await self._archive_one(request, archived=True)

    async def unarchive(self, request: Request) -> object:
        """POST /links/unarchive."""
        return await self._archive_one(request, archived=False)

    async def archive_several(self, request: Request) -> object:
        """POST /links/archive_bulk."""
        return await self._archive_several(request, archived=True)

    async def unarchive_several(self, request: Request) -> object:
        """POST /links/unarchive_bulk."""
        return await self._archive_several(request, archived=False)

    async def tag_several(self, request: Request) -> object:
        """POST /tags/bulk: adds one tag. What it answers is INFERRED."""
        given = await body_of(request)
        tag = given.get("tag")
        if not isinstance(tag, str) or not tag:
            raise RefusedError(400, {"error": "tag must be a text"})
        for link in self._links(request, given):
            tags = link.fields.get("tags") or []
            link.fields["tags"] = tags if tag in tags else [*tags, tag]
        return {"success": True}

    async def _archive_one(self, request: Request, *, archived: bool) -> object:
        given = await body_of(request)
        self._store.link(request, str(given.get("link_id"))).fields["archived"] = archived
        return {"success": True}

    async def _archive_several(self, request: Request, *, archived: bool) -> object:
        for link in self._links(request, await body_of(request)):
            link.fields["archived"] = archived
        return {"success": True}

    def _links(self, request: Request, given: dict[str, object]) -> list[StoredLink]:
        ids, domains = given.get("link_ids"), self._store.domains_of(request)
        if not isinstance(ids, list) or not 1 <= len(ids) <= _MAX_IDS:
            raise RefusedError(400, {"error": "link_ids must have from 1 to 150 items"})
        return [link for link in self._store.links if link.id in ids and link.domain in domains]
