"""Creates up to 1,000 links, and deletes up to 150, with one call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink
from linkweave.providers.batches import chunks, write_in_turn
from linkweave.providers.shortio.batch_updater import BatchUpdater
from linkweave.providers.shortio.link_body import body_of
from linkweave.providers.shortio.refusals import classify_new_link, item_refusal
from linkweave.providers.shortio.settings import BULK_CREATE, BULK_DELETE
from linkweave.providers.shortio.wire import BulkAnswer, CreatedAnswer, DoneAnswer
from linkweave.transport.call import MEGABYTE, Call

CREATE_BATCH_SIZE: Final = 1_000
_DELETE_BATCH_SIZE: Final = 150
_MAX_BYTES: Final = 8 * MEGABYTE
_CREATE: Final = "create links"
_DELETE: Final = "delete links"


class BatchWriter(BatchUpdater):
    """BATCH_CREATE and BATCH_DELETE."""

    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Create links: one call for those of one domain, and another for those that may be existing ones."""
        home = None if all(each.domain for each in new) else await self.default_domain(_CREATE)
        groups: dict[tuple[str, bool], list[int]] = {}
        for place, each in enumerate(new):
            groups.setdefault((each.domain or home or "", each.reuse), []).append(place)

        async def write(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
            if len(places) == 1:
                return [await self.create_link(new[places[0]])]
            first = new[places[0]]
            body = {
                "domain": first.domain or home,
                "links": [body_of(new[place]) for place in places],
                "allowDuplicates": not first.reuse,
            }
            return await self._create_alike(body, len(places))

        results = await write_in_turn(self, _CREATE, map(tuple, groups.values()), write)
        return [results[place] for place in range(len(new))]

    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links. The answer does not say which existed, so that several are read first."""
        results = await write_in_turn(
            self, _DELETE, chunks(dict.fromkeys(handles), _DELETE_BATCH_SIZE), self._delete_group
        )
        return {handle: results[handle] for handle in handles}

    async def _create_alike(self, body: Mapping[str, Any], count: int) -> Sequence[WrittenLink | VendorError]:
        call = Call(
            _CREATE,
            "POST",
            "/links/bulk",
            json=body,
            bucket=BULK_CREATE,
            writes=True,
            max_bytes=_MAX_BYTES,
            classify=classify_new_link,
        )
        answer, fetched = await self.fetch(BulkAnswer, call)
        if answer.left_out or len(answer.links) != count:
            raise self.bad_response(call, "the answer does not have a result for each link")
        return [self._written(item, call, fetched.at) for item in answer.links]

    def _written(self, item: Mapping[str, Any], call: Call, at: datetime) -> WrittenLink | VendorError:
        """The result of one item of an answer."""
        if item.get("success") is False or "error" in item:
            return self.refusal_error(item_refusal(item), call)
        try:
            answer = self.parse(CreatedAnswer, item, call)
        except VendorError as error:
            return error
        return WrittenLink(answer.to_link(at), ALL_LINK_FIELDS, created=not answer.duplicate)

    async def _delete_group(self, handles: tuple[str, ...]) -> list[VendorError | None]:
        if len(handles) == 1:
            await self.delete_link(handles[0])
            return [None]
        found = await self.read_present(handles, _DELETE)
        present = [handle for handle, link in found.items() if isinstance(link, Link)]
        if present:
            body = {"link_ids": present}
            call = Call(_DELETE, "DELETE", "/links/delete_bulk", json=body, bucket=BULK_DELETE, writes=True)
            await self.fetch(DoneAnswer, call)
        return [self.unless_present(found.get(handle), _DELETE) for handle in handles]
