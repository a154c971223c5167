"""The full walk: reads every list of an account page by page, then looks up the links that no list showed."""

from dataclasses import dataclass, replace

from linkweave.catalog.sync.due_links import count_seen
from linkweave.catalog.sync.recording import record
from linkweave.catalog.sync.sync_rows import SyncRow
from linkweave.catalog.sync.syncing_account import SyncingAccount, concerns_account
from linkweave.catalog.sync.unseen_links import settle_unseen
from linkweave.catalog.sync.walk_position import WalkPosition
from linkweave.errors import VendorError
from linkweave.models import Link, LinkFilter, Page
from linkweave.providers.read_capabilities import CanListLinks, Lane


@dataclass(slots=True)
class Walk:
    """The full walks of one account, of which each step is one page or one batch of look-ups."""

    syncing: SyncingAccount
    _lanes: tuple[Lane, ...] = ()

    async def step(self, row: SyncRow, adapter: CanListLinks) -> None:
        """Makes the next step, and stores its result and the position after it.

        Raises:
            VendorError: the vendor did not answer. The next step tries again.
        """
        position = None if row.walk_position is None else WalkPosition.parse(row.walk_position)
        if position is None:
            row, position = await self._begin(row, adapter)
        if position.after is not None:
            await settle_unseen(self.syncing, row, position)
            return
        lane = position.current_lane(self._lanes or await self._plan(adapter))
        if lane is None:
            await self._store_position(row, replace(position.at_next_lane(), lane=None, after=0))
        else:
            await self._read_page(row, position.at(lane), lane, adapter)

    async def _plan(self, adapter: CanListLinks) -> tuple[Lane, ...]:
        self._lanes = (await adapter.plan_links(LinkFilter())).lanes
        return self._lanes

    async def _begin(self, row: SyncRow, adapter: CanListLinks) -> tuple[SyncRow, WalkPosition]:
        await self._plan(adapter)
        position, now = WalkPosition(), self.syncing.now()
        begun = replace(row, walk=row.walk + 1, walk_position=position.to_json(), walk_started_at=now, walk_links=0)
        async with self.syncing.storing(row) as (_, values):
            for name in ("walk", "walk_position", "walk_started_at", "walk_links"):
                values[name] = getattr(begun, name)
        return begun, position

    async def _read_page(self, row: SyncRow, position: WalkPosition, lane: Lane, adapter: CanListLinks) -> None:
        try:
            page = await adapter.list_links(lane, position.page)
        except VendorError as error:
            if not concerns_account(error):
                await self._store_position(row, position.after_failure())
            raise
        await self._store_page(row, position, page)

    async def _store_page(self, row: SyncRow, position: WalkPosition, page: Page[Link]) -> None:
        handles = [link.handle for link in page.items]
        async with self.syncing.storing(row) as (connection, values):
            seen = await count_seen(connection, row.account, row.walk, handles)
            await record(self.syncing, connection, page.items, walk=row.walk)
            new = len(set(handles)) - seen
            values["walk_links"] = row.walk_links + new
            values["walk_position"] = position.after_page(page, new).to_json()

    async def _store_position(self, row: SyncRow, position: WalkPosition) -> None:
        async with self.syncing.storing(row) as (_, values):
            values["walk_position"] = position.to_json()
