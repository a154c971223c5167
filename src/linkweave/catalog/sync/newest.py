"""The newest pages of an account's lists, between two full walks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkweave.catalog.reads.link_facts import read_destinations
from linkweave.catalog.sync.recording import record
from linkweave.catalog.sync.sync_rows import SyncRow
from linkweave.catalog.sync.syncing_account import SyncingAccount, concerns_account
from linkweave.errors import VendorError
from linkweave.models import Link, LinkFilter, Page
from linkweave.providers.base import Adapter
from linkweave.providers.known_destinations import ListsWithoutDestinations
from linkweave.providers.read_capabilities import CanListLinks, CanSortLinks, Lane, LinkOrder, LinkSort, ListPlan


def lists_newest_first(adapter: Adapter) -> bool:
    """Returns whether the first page of each list can be had with the newest links."""
    if not isinstance(adapter, CanListLinks):
        return False
    return adapter.link_order is LinkOrder.NEWEST_FIRST or _sorts_by_creation(adapter)


@dataclass(slots=True)
class Newest:
    """Reads the first page of each lane, and the pages after it until one has no new link. Each page is a step."""

    syncing: SyncingAccount
    _plan: ListPlan | None = None
    _left: list[tuple[Lane, str | None]] = field(default_factory=list)

    async def step(self, row: SyncRow, adapter: CanListLinks) -> None:
        """Reads one page, and stores its links.

        Raises:
            VendorError: the vendor did not answer. The next step tries again.
        """
        if not self._left:
            self._left = [(lane, None) for lane in await self._lanes(adapter)]
        if not self._left:
            await self._store(row)
            return
        lane, token = self._left[0]
        try:
            page = await self._read(adapter, lane, token)
        except VendorError as error:
            if not concerns_account(error):
                # Its token may have expired, or the lane is gone.
                self._left, self._plan = [], None
            raise
        self._left.pop(0)
        async with self.syncing.storing(row) as (connection, values):
            if await record(self.syncing, connection, page.items) and page.next is not None:
                self._left.insert(0, (lane, page.next))
            if not self._left:
                values["newest_at"] = self.syncing.now()

    @property
    def lists(self) -> int:
        """The number of lists that the account had at the latest look; 0 before the first."""
        return 0 if self._plan is None else len(self._plan.lanes)

    def forget_plan(self) -> None:
        """Plans the lanes again at the next step: the account may have other lists by now."""
        self._plan = None

    async def _lanes(self, adapter: CanListLinks) -> Sequence[Lane]:
        if self._plan is None:
            plan = await adapter.plan_links(LinkFilter())
            if adapter.link_order is not LinkOrder.NEWEST_FIRST and isinstance(adapter, CanSortLinks):
                plan = adapter.sorted_plan(plan, LinkSort.CREATED)
            self._plan = plan
        return self._plan.lanes

    async def _read(self, adapter: CanListLinks, lane: Lane, token: str | None) -> Page[Link]:
        """Reads one page. A destination that the catalog knows is not read again: a full walk finds its changes."""
        if isinstance(adapter, ListsWithoutDestinations):
            return await adapter.list_links_knowing(lane, token, self._known_destinations)
        return await adapter.list_links(lane, token)

    async def _known_destinations(self, handles: Sequence[str]) -> Mapping[str, str]:
        async with self.syncing.catalog.database.read() as connection:
            return await read_destinations(connection, self.syncing.key, handles)

    async def _store(self, row: SyncRow) -> None:
        async with self.syncing.storing(row) as (_, values):
            values["newest_at"] = self.syncing.now()


def _sorts_by_creation(adapter: CanListLinks) -> bool:
    return isinstance(adapter, CanSortLinks) and LinkSort.CREATED in adapter.link_sorts
