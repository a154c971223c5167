"""Creates, changes and deletes several links with one bulk job; one by one where the token has none."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from linkweave.errors import AmbiguousError, ForbiddenError, VendorError
from linkweave.models import Link
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.batches import chunks, write_in_turn
from linkweave.providers.tinyurl.bulk_jobs import BulkJobs
from linkweave.providers.tinyurl.handles import Name, parse_handle
from linkweave.providers.tinyurl.inferred import BATCH_SIZE
from linkweave.providers.tinyurl.link_body import KEPT_BY_UPDATE, TAG_CHANGES, body_of, changes_of
from linkweave.providers.tinyurl.link_writer import LinkWriter
from linkweave.providers.tinyurl.wire import ReportRow

Result = TypeVar("Result")
Item = TypeVar("Item")

_CREATE: Final = "create links"
_UPDATE: Final = "update links"
_DELETE: Final = "delete links"

_IN_JOBS: Final = KEPT_BY_UPDATE - {"slug"}
"""What one item of a job changes. Whether a report names a renamed link by its old alias is not told."""
_KNOWN: Final = frozenset({"handle", "short_url", "slug", "domain", "fetched_at"})


class BatchWriter(LinkWriter, BulkJobs):
    """BATCH_CREATE, BATCH_UPDATE and BATCH_DELETE."""

    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Create links."""
        items = [{"operation": "create", **body_of(each, self.domain_of(each))} for each in new]
        try:
            rows, at = await self.run_job(_CREATE, items)
        except ForbiddenError:
            return await self._in_turn(_CREATE, new, self.create_link)
        return [self._created(row, each.destination, at) for row, each in zip(rows, new, strict=True)]

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[WrittenLink | VendorError]:
        """Change links: with a job where one item makes all changes of a link, and one after the other else."""
        results: dict[int, WrittenLink | VendorError] = {}
        items: dict[int, Mapping[str, object]] = {}
        handles = [handle for handle, _ in patches]
        for place, (handle, patch) in enumerate(patches):
            if handles.index(handle) == place and _fits_a_job(patch):
                try:
                    items[place] = await self._item_of(handle, patch)
                except VendorError as error:
                    results[place] = error
        if len(items) > 1:
            results |= await self._update_by_job(patches, items)
        rest = [place for place in range(len(patches)) if place not in results]
        updated = await self._in_turn(_UPDATE, rest, lambda place: self._update_alone(*patches[place]))
        results |= zip(rest, updated, strict=True)
        return [results[place] for place in range(len(patches))]

    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links for good, at most 100 with a job."""
        results = await write_in_turn(self, _DELETE, chunks(dict.fromkeys(handles), BATCH_SIZE), self._delete_group)
        return {handle: results[handle] for handle in handles}

    async def _update_by_job(
        self, patches: Sequence[tuple[str, LinkPatch]], items: Mapping[int, Mapping[str, object]]
    ) -> dict[int, WrittenLink | VendorError]:
        """The results by place; none where the token has no jobs."""
        try:
            rows, at = await self.run_job(_UPDATE, list(items.values()))
        except ForbiddenError:
            return {}
        except VendorError as error:
            return dict.fromkeys(items, error)
        found = dict(zip(items, rows, strict=True))
        names = {place: self.name_of(patches[place][0], _UPDATE) for place in items}
        return {
            place: row if isinstance(row, VendorError) else _known(names[place], at) for place, row in found.items()
        }

    async def _item_of(self, handle: str, patch: LinkPatch) -> Mapping[str, object]:
        name, given = self.name_of(handle, _UPDATE), patch.given()
        if given == {"destination"}:
            return {"operation": "change", **name.body, "url": patch.destination}
        if given == {"archived"}:
            return {"operation": "archive" if patch.archived is True else "unarchive", **name.body}
        tags = (await self.read_present(name)).tags if given & TAG_CHANGES else ()
        return {"operation": "update", **name.body, **changes_of(patch, tags)}

    async def _update_alone(self, handle: str, patch: LinkPatch) -> WrittenLink:
        for done, step in enumerate(self.plan_update(patch)):
            try:
                handle = await step.run(handle)
            except VendorError as error:
                if not done or isinstance(error, AmbiguousError):
                    raise
                problem = "a part of the changes was made, and the next one was refused"
                raise self.error(AmbiguousError, problem, _UPDATE, provider_code=error.provider_code) from error
        return _known(self.name_of(handle, _UPDATE), self.clock.now())

    async def _delete_group(self, handles: tuple[str, ...]) -> list[VendorError | None]:
        names = {handle: parse_handle(handle) for handle in handles}
        usable = [handle for handle, name in names.items() if name is not None]
        items = [{"operation": "delete", **name.body} for name in names.values() if name is not None]
        results: dict[str, VendorError | None] = dict.fromkeys(handles, self.not_found(_DELETE))
        try:
            rows, _ = await self.run_job(_DELETE, items) if items else ([], None)
            results |= {
                handle: row if isinstance(row, VendorError) else None for handle, row in zip(usable, rows, strict=True)
            }
        except ForbiddenError:
            results |= zip(usable, await self._in_turn(_DELETE, usable, self.delete_link), strict=True)
        return [results[handle] for handle in handles]

    async def _in_turn(
        self, operation: str, items: Sequence[Item], write: Callable[[Item], Awaitable[Result]]
    ) -> list[Result | VendorError]:
        async def write_one(places: tuple[int, ...]) -> Sequence[Result | VendorError]:
            return [await write(items[places[0]])]

        results = await write_in_turn(self, operation, ((place,) for place in range(len(items))), write_one)
        return [results[place] for place in range(len(items))]

    def _created(self, row: ReportRow | VendorError, destination: str, at: datetime) -> WrittenLink | VendorError:
        if isinstance(row, VendorError):
            return row
        name = row.name
        if name is None:
            return self.error(AmbiguousError, "the link was created, and the report does not say which it is", _CREATE)
        written = _known(name, at)
        link = replace(
            written.link, short_url=row.tinyurl or written.link.short_url, destination=row.url or destination
        )
        return WrittenLink(link, _KNOWN | {"destination"})


def _fits_a_job(patch: LinkPatch) -> bool:
    given = patch.given()
    return given in ({"destination"}, {"archived"}) or given <= _IN_JOBS


def _known(name: Name, at: datetime) -> WrittenLink:
    """What is certain of a link after a write whose answer has only its name. Short URLs are always https (DOC)."""
    link = Link(name.handle, f"https://{name.handle}", name.alias, "", at, domain=name.domain)
    return WrittenLink(link, _KNOWN)
