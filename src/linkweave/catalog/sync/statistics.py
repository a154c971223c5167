"""The clicks of links that are due: totals of many in one call where the vendor can, then the days of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from linkweave.catalog.history.due_times import statistics_interval
from linkweave.catalog.history.totals import VENDOR, NewTotal
from linkweave.catalog.sync.day_support import DaySupport
from linkweave.catalog.sync.days_together import choose_together, read_days_together
from linkweave.catalog.sync.due_links import DueLink, read_due_links, set_due
from linkweave.catalog.sync.link_clicks import LinkClicks, read_clicks, store_clicks
from linkweave.catalog.sync.recording import record_gone, record_life_totals
from linkweave.catalog.sync.sync_rows import SyncRow
from linkweave.catalog.sync.syncing_account import SyncingAccount, concerns_account
from linkweave.errors import NotFoundError, VendorError
from linkweave.models import Link
from linkweave.providers.read_capabilities import CanGetLinks, CanReadManyStats, CanReadStats

# Maximum number of links whose totals one step reads together, and of those whose days it reads one by one.
_MAX_TOTALS: Final = 100
_MAX_DAYS: Final = 5


@dataclass(slots=True)
class Statistics:
    """Reads the statistics of one account. Each step makes few calls."""

    syncing: SyncingAccount
    days: DaySupport = field(default_factory=DaySupport)

    async def step(self, row: SyncRow, adapter: CanReadStats) -> None:
        """Reads the clicks of the links that are due first, and stores them.

        Raises:
            VendorError: the vendor did not answer. The next step tries again.
        """
        getter, due = self._getter(), await self._read_due(row, adapter)
        of_days = [each for each in due if self._wants_days(each)]
        together = choose_together(self.syncing, of_days, adapter) if isinstance(adapter, CanReadManyStats) else None
        if together is not None and isinstance(adapter, CanReadManyStats):
            await self._store(row, together[1], await read_days_together(*together, adapter))
        elif getter is not None and not of_days:
            await self._read_totals(row, due, getter)
        else:
            links = max(1, int(min(_MAX_DAYS, self.syncing.calls_left(row))))
            await self._read_each(row, (of_days or due)[:links], adapter)

    async def _read_due(self, row: SyncRow, adapter: CanReadStats) -> Sequence[DueLink]:
        limit = _MAX_DAYS
        if isinstance(adapter, CanReadManyStats):
            limit = _MAX_TOTALS
        elif self._getter() is not None:
            limit = min(self.syncing.account.adapter.call_costs.get_batch, _MAX_TOTALS)
        async with self.syncing.catalog.database.read() as connection:
            return await read_due_links(connection, row.account, self.syncing.now(), self.syncing.bounds, limit)

    def _getter(self) -> CanGetLinks | None:
        """The adapter, where one call gets several links."""
        adapter = self.syncing.account.adapter
        return adapter if isinstance(adapter, CanGetLinks) and adapter.call_costs.get_batch > 1 else None

    def _wants_days(self, due: DueLink) -> bool:
        """Whether the days of a link are to be read: it was clicked since then, or its vendor was never asked."""
        known = due.known
        if not self.days.asks(self.syncing.now()):
            return False
        if known.days_source != VENDOR:
            return known.statistics_due_at is None
        return self._getter() is None or self._lacks_days(known.clicks_at, known.days_at)

    def _lacks_days(self, total_at: datetime | None, days_at: datetime | None) -> bool:
        """Whether a total that was read at `total_at` tells of clicks whose days were not read.

        Days of the future were read before the clock went back.
        """
        if total_at is None or days_at is None:
            return True
        return not total_at <= days_at <= self.syncing.now()

    async def _read_totals(self, row: SyncRow, due: Sequence[DueLink], getter: CanGetLinks) -> None:
        """Reads the totals of all links together. Those that were clicked stay due, so that their days are read."""
        found = await getter.get_links([each.handle for each in due], frozenset({"included"}))
        failure = next((each for each in found.values() if isinstance(each, VendorError)), None)
        if failure is not None and concerns_account(failure):
            raise failure
        links = [each for each in found.values() if isinstance(each, Link)]
        gone = [
            each.handle for each in due if each.handle not in found or isinstance(found[each.handle], NotFoundError)
        ]
        async with self.syncing.storing(row) as (connection, values):
            totals = await record_life_totals(self.syncing, connection, links)
            await record_gone(self.syncing, connection, gone)
            await set_due(connection, {each.known.id: self._due_after(totals.get(each.handle)) for each in due})
            values["statistics_at"] = self.syncing.now()

    def _due_after(self, total: NewTotal | None) -> datetime:
        now = self.syncing.now()
        if total is None:
            return now + timedelta(seconds=statistics_interval(0, None, self.syncing.bounds))
        lacks_days = self._lacks_days(total.reading.at, total.days_at)
        if total.known.days_source == VENDOR and lacks_days and self.days.asks(now):
            return now
        return now + timedelta(seconds=statistics_interval(total.moved or 0, total.seconds, self.syncing.bounds))

    async def _read_each(self, row: SyncRow, due: Sequence[DueLink], adapter: CanReadStats) -> None:
        """Reads the clicks of one link after the other. What was read before a failure is stored."""
        answers: dict[int, LinkClicks] = {}
        failure: VendorError | None = None
        for each in due:
            try:
                answers[each.known.id] = await read_clicks(self.syncing, each, adapter, self.days)
            except VendorError as error:
                failure = error
                break
        if answers or not due:
            await self._store(row, due, answers)
        if failure is not None:
            raise failure

    async def _store(self, row: SyncRow, due: Sequence[DueLink], answers: Mapping[int, LinkClicks]) -> None:
        now = self.syncing.now()
        async with self.syncing.storing(row) as (connection, values):
            next_due = {}
            for each in due:
                if each.known.id in answers:
                    seconds = await store_clicks(self.syncing, connection, each, answers[each.known.id])
                    next_due[each.known.id] = now + timedelta(seconds=seconds)
            await set_due(connection, next_due)
            values["statistics_at"] = now
