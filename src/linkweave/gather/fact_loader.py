"""Facts of one account that one request needs, such as its tags: each is fetched at most once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from linkweave.accounts import Account
from linkweave.concurrency.eager_tasks import start_eagerly
from linkweave.context.freshness import Freshness
from linkweave.context.operation_context import track_freshness
from linkweave.context.task_group import track_task
from linkweave.errors import VendorError
from linkweave.gather.capabilities import Kind, require_capability
from linkweave.gather.dataloader import wait_shielded
from linkweave.models import NOTHING_LEFT_OUT, LeftOut

Fact = TypeVar("Fact")


class FactLoader:
    """Fetches each fact of one account once, however many fields of a request read it.

    No DataLoader: facts have no batch in common, and a slow one must not delay the others.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._tasks: dict[tuple[str, ...], asyncio.Future[Any]] = {}
        self._freshness: dict[str, Freshness] = {}
        self._left_out: dict[tuple[str, ...], LeftOut] = {}

    async def load(self, kind: type[Kind], fetch: Callable[[Kind], Awaitable[Fact]], name: str, *key: str) -> Fact:
        """Returns the fact called `name` and `key`, which `fetch` reads from the adapter.

        Raises:
            VendorError: the fact could not be fetched, or the provider does not offer it.
        """
        fact: Fact = await wait_shielded(self.begin(kind, fetch, name, *key))
        return fact

    def begin(
        self, kind: type[Kind], fetch: Callable[[Kind], Awaitable[Fact]], name: str, *key: str
    ) -> asyncio.Future[Fact]:
        """Starts to fetch the fact called `name` and `key`, unless that was started before. `load` returns it.

        Raises:
            VendorError: the provider does not offer the fact.
        """
        adapter = require_capability(self._account, kind)
        task = self._tasks.get((name, *key))
        if task is None:
            task = self._tasks[name, *key] = start_eagerly(self._fetch((name, *key), adapter, fetch))
            track_task(task)
        return task

    def known(self, name: str, *key: str) -> Any:
        """Returns the fact called `name` and `key`, if it was read without a failure; else None. Makes no call."""
        task = self._tasks.get((name, *key))
        is_known = task is not None and task.done() and not task.cancelled() and task.exception() is None
        return task.result() if task is not None and is_known else None

    def forget(self) -> None:
        """Forgets the facts. A task refers to the operation that started it, which would be garbage in a cycle."""
        self._tasks.clear()

    def fetched_at(self, name: str) -> datetime | None:
        """Returns when the vendor told the facts called `name`; None before they are loaded."""
        return self._freshness[name].oldest if name in self._freshness else None

    def stale_because(self, name: str) -> VendorError | None:
        """Returns the failure that makes the facts called `name` stale; None where they are current."""
        return self._freshness[name].stale.get(self._account.key) if name in self._freshness else None

    def left_out(self, name: str, *key: str) -> LeftOut:
        """Returns what could not be read of the fact called `name` and `key`; nothing before it is loaded."""
        return self._left_out.get((name, *key), NOTHING_LEFT_OUT)

    async def _fetch(self, key: tuple[str, ...], adapter: Kind, fetch: Callable[[Kind], Awaitable[Fact]]) -> Fact:
        with track_freshness() as freshness:
            fact = await fetch(adapter)
        if freshness.oldest is None:
            freshness.oldest = self._account.adapter.clock.now()
        self._freshness[key[0]] = freshness
        self._left_out[key] = freshness.left_out.get(self._account.key, NOTHING_LEFT_OUT)
        return fact
