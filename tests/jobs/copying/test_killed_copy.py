"""A copy whose process is killed at every step in turn, and with which another process goes on."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.types import ASGIApp
from strawberry.dataloader import DataLoader

from harness.emulators import ManualClock
from linkweave.accounts import Account, check_accounts, open_account
from linkweave.catalog.database import Database
from linkweave.catalog.jobs.copy_plan_store import CopyPlanStore
from linkweave.catalog.jobs.copy_plans import CopyOptions, CopyPlan, CopyState, PlanRow
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import JobRowState, JobState
from linkweave.clock import Clock
from linkweave.jobs.copying.copy_run import CopyTools, run_copy
from linkweave.models import Link, LinkFilter
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.discovery import discover
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.sandbox import load_emulator
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks

LEASE = timedelta(seconds=30)
# Reading what other distributions register takes as long as a query.
PROVIDERS = discover()


class Killed(BaseException):
    """The process is gone: nothing that it would still do happens."""


@dataclass
class KillSwitch:
    """Kills a process at its step number `at`, and at each later one. None lets it live."""

    at: int | None = None
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.at is not None and self.steps >= self.at:
            raise Killed


class MortalDatabase(Database):
    """A database whose process may die before a transaction, before its commit, and after it."""

    def __init__(self, url: str, clock: Clock, switch: KillSwitch) -> None:
        super().__init__(SecretStr(url), clock)
        self._switch = switch

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self._switch.step()
        async with super().write() as connection:
            yield connection
            self._switch.step()
        self._switch.step()


@dataclass(frozen=True)
class MortalWire(httpx2.AsyncBaseTransport):
    """A wire whose process may die before it sends a request, and before it gets the answer."""

    app: ASGIApp
    switch: KillSwitch

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.switch.step()
        response = await httpx2.ASGITransport(app=self.app).handle_async_request(request)
        self.switch.step()
        return response


@dataclass
class World:
    """A vendor and a database, which outlive the processes that use them. `path` is the database's file."""

    provider: str
    path: Path = Path()
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        provider = PROVIDERS[self.provider]
        self.app = load_emulator(provider)(EmulatorOptions(self.clock, rate_limits=True))
        known = provider.sandbox_accounts[0]
        table = {"key": "target", "provider": provider.id, "base_url": "http://emulator", **known.options}
        (self.settings,) = check_accounts([table], PROVIDERS, "demo")

    def account(self, switch: KillSwitch) -> Account:
        http = httpx2.AsyncClient(transport=MortalWire(self.app, switch), timeout=None, trust_env=False)
        return open_account(self.settings, PROVIDERS[self.provider], http, self.clock)

    @asynccontextmanager
    async def database(self, switch: KillSwitch) -> AsyncIterator[Database]:
        database = MortalDatabase(f"sqlite:///{self.path}", self.clock, switch)
        try:
            yield database
        finally:
            await database.close()

    async def plan(self, *targets: tuple[NewLink, LinkPatch | None]) -> None:
        """Stores the plan of a copy, and starts it."""
        now = self.clock.now()
        plan = CopyPlan("p", "me", "source", "target", CopyOptions(), 1, None, (), now, now + timedelta(days=1))
        rows = [
            PlanRow(str(place), f"https://s/{place}", CopyState.READY, target=new, patch=patch)
            for place, (new, patch) in enumerate(targets)
        ]
        async with self.database(KillSwitch()) as database:
            await CopyPlanStore(database).save(plan, rows)
            await JobStore(database).start_copy(plan, [CopyState.READY], now)

    async def live(self, switch: KillSwitch) -> None:
        """One process: it takes the job and works on it to its end, or dies."""
        async with self.database(switch) as database:
            jobs = JobStore(database)
            now = self.clock.now()
            job = await jobs.acquire("process", now, now + LEASE)
            if job is None:
                # The other process died after the job's last row had ended.
                return
            locks, store = NamedLocks(MemoryLeases(MemoryStore(self.clock))), MemoryStore(self.clock)
            tools = CopyTools(jobs, {"target": self.account(switch)}, DataLoader, store, locks, self.clock)
            end = await run_copy(job, tools, asyncio.Event())
            assert end is not None
            await jobs.finish(job.id, "process", end.state, end.error, self.clock.now())

    async def assert_all_done(self, step: int) -> None:
        async with self.database(KillSwitch()) as database:
            job = await JobStore(database).find("p")
            rows = await JobStore(database).rows("p", -1, 10)
        assert job is not None
        assert (job.state, job.done, job.failed) == (JobState.DONE, len(rows), 0), f"killed at step {step}"
        assert {row.state for row in rows} == {JobRowState.DONE}
        assert len({row.handle for row in rows}) == len(rows), f"killed at step {step}"

    async def links(self) -> dict[str, Link]:
        """The links that the vendor has, by their handles."""
        adapter = self.account(KillSwitch()).adapter
        assert isinstance(adapter, CanListLinks)
        found: dict[str, Link] = {}
        for lane in (await adapter.plan_links(LinkFilter())).lanes:
            token, more = None, True
            while more:
                page = await adapter.list_links(lane, token)
                found.update({link.handle: link for link in page.items})
                token, more = page.next, page.next is not None
        return found


def case(provider: str, number: int) -> list[tuple[NewLink, LinkPatch | None]]:
    """The links of one copy, and their updates. Their destinations and slugs are used once."""
    one, two = (f"https://www.example.com/{word}-{number}" for word in ("one", "two"))
    domain = "apac.swlink.example"
    first, second = (LinkPatch(slug=f"{word}{number}", add_tags=("spring",)) for word in ("one", "two"))
    cases: dict[str, list[tuple[NewLink, LinkPatch | None]]] = {
        "tinycc": [(NewLink(one), None), (NewLink(two), None), (NewLink(one), None)],
        "picsee": [(NewLink(one, title="One"), None), (NewLink(one, title="Two"), None)],
        "yourls": [(NewLink(one, slug=f"one{number}"), None), (NewLink(two), None)],
        "shortenworld": [(NewLink(one, domain=domain), first), (NewLink(one, domain=domain), second)],
    }
    return cases[provider]


@pytest.mark.parametrize("provider", ["tinycc", "picsee", "yourls", "shortenworld"])
async def test_a_copy_that_is_killed_at_any_step_makes_every_link_once(
    provider: str, migrated_file: Path, tmp_path: Path
) -> None:
    world = World(provider)
    expected: Counter[str] = Counter()
    patches: list[LinkPatch] = []
    step, died = 0, True
    while died:
        step += 1
        world.path = tmp_path / f"{step}.db"
        shutil.copy(migrated_file, world.path)
        targets = case(provider, step)
        await world.plan(*targets)
        try:
            await world.live(KillSwitch(step))
            died = False
        except* Killed:
            world.clock.advance(LEASE.total_seconds())
            await world.live(KillSwitch())
        # The calls of the dead process still count at the vendor.
        world.clock.advance(LEASE.total_seconds())
        expected.update(new.destination for new, _ in targets)
        patches += [patch for _, patch in targets if patch is not None]
        await world.assert_all_done(step)
    links = (await world.links()).values()
    made = Counter(link.destination for link in links)
    assert {url: made[url] for url in expected} == expected
    tags = {link.slug: link.tags for link in links}
    assert [tags.get(str(patch.slug)) for patch in patches] == [("spring",)] * len(patches)
    assert step > 10
