"""What one statistics field of a query reads: each part of each account once, together where possible."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.concurrency.eager_tasks import start_eagerly
from linkweave.context.task_group import track_task
from linkweave.gather.dataloader import wait_shielded
from linkweave.gather.statistics.account_part import KNOWN_PARTS, AccountPart, load_account_part, load_known_part
from linkweave.gather.statistics.counted_links import CountedLink, CountedLinks, IncompleteAccount, WholeSum
from linkweave.gather.statistics.date_range import DateRange
from linkweave.models import Measure, Period, StatsPart
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, CanReadStats

Key: TypeAlias = tuple[str, StatsPart]


class Readings:
    """Reads the parts of the statistics of `links` over a range.

    `whole_accounts` are the keys of the accounts that have no other links. `sums` are those of accounts in `incomplete`
    whose totals and days are known all the same. `parts` and `measures` are what the query
    selects. Fields add to them before anything is read, so that all parts of a link are asked for together, and
    `sources` and `complete` speak of them alone.
    """

    def __init__(
        self,
        links: Sequence[CountedLink],
        date_range: DateRange,
        incomplete: Mapping[str, IncompleteAccount],
        whole_accounts: Collection[str] = (),
        sums: Mapping[str, WholeSum] = MappingProxyType({}),
    ) -> None:
        self.links: dict[str, list[CountedLink]] = {}
        for link in links:
            self.links.setdefault(link.loaders.key, []).append(link)
        self.incomplete = incomplete
        self.sums = sums
        self.parts: set[StatsPart] = set()
        self.measures: set[Measure] = set()
        self.accounts: dict[str, Account] = {key: group[0].loaders.account for key, group in self.links.items()}
        self.accounts |= {key: each.account for key, each in incomplete.items()}
        self._whole_accounts = whole_accounts
        self._date_range = date_range
        self._is_single = len(links) == 1 and not incomplete
        self._tasks: dict[Key, asyncio.Future[AccountPart]] = {}
        self._requested: set[Key] = set()

    async def load(self, key: str, part: StatsPart) -> AccountPart:
        """Returns `part` of the account `key`."""
        if self._is_single:
            # The loader reads a part once, and adding up one report costs less than a task.
            return await self._read(key, part)
        task = self._tasks.get((key, part))
        if task is None:
            task = self._tasks[key, part] = start_eagerly(self._read(key, part))
            track_task(task)
        return await wait_shielded(task)

    def may_hold_links(self, key: str) -> bool:
        """Returns whether the account may have links at all, unlike one that only takes files."""
        return isinstance(self.accounts[key].adapter, CanListLinks | CanGetLinks | CanReadStats)

    def lacking(self, key: str) -> IncompleteAccount | None:
        """Returns why links of an account are missing in a part that the query selects; None where none are."""
        is_known = key in self.sums and self.parts <= KNOWN_PARTS
        return None if is_known else self.incomplete.get(key)

    def links_of(self, key: str) -> int:
        """Returns the number of links of an account that are counted."""
        return self.sums[key].links if key in self.sums else len(self.links.get(key, ()))

    async def _read(self, key: str, part: StatsPart) -> AccountPart:
        account = self.accounts[key]
        if key in self.sums and part in KNOWN_PARTS:
            return await load_known_part(account, self.sums[key], part)
        links = CountedLinks.of(self.links.get(key, ()), is_whole_account=key in self._whole_accounts)
        period = self._date_range.resolve(account.adapter.today())
        self._request_all(key, account, links, period)
        return await load_account_part(account, links, part, period, self.incomplete.get(key))

    def _request_all(self, key: str, account: Account, links: CountedLinks, period: Period) -> None:
        """Asks for all selected parts at once, so that the number of calls is known before the first one."""
        adapter = account.adapter
        if not isinstance(adapter, CanReadStats):
            return
        for part in self.parts:
            if key in self.sums and part in KNOWN_PARTS:
                continue
            if adapter.tells(part) and (key, part) not in self._requested:
                self._requested.add((key, part))
                links.request(part, period)
