"""A gateway over the sandbox, with a catalog that is filled by the test."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy import insert

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import digest
from harness.known_rows import KnownRow, store_rows
from harness.virtual_time import NOW
from linkweave.catalog.database import Database
from linkweave.catalog.reads.questions.clicks import DaySpan
from linkweave.catalog.tables import ACCOUNT_SYNCS
from linkweave.clock import SystemClock
from linkweave.models import Link, StatsReport
from linkweave.runtime.process import Process
from linkweave.runtime.shared_resources import C, Closable, SharedResources

TODAY: Final = NOW.date()
# The accounts of the sandbox that list their links.
LISTING: Final = ("picsee-main", "shortenworld", "tinycc")
ALONE: Final = "reader-of-tinycc"


@dataclass(frozen=True, slots=True)
class CatalogGateway:
    """A gateway and the database of its catalog."""

    gateway: Gateway
    database: Database

    async def data(self, query: str, **variables: object) -> Any:
        """Sends an operation that must have no errors; returns its data."""
        return await self.gateway.data(query, **variables)

    async def error(self, query: str, **variables: object) -> dict[str, Any]:
        """Sends an operation that must have one error; returns it."""
        return (await self.gateway.ask(query, **variables)).error


@asynccontextmanager
async def open_catalog_gateway(
    url: str,
    rows: Sequence[KnownRow] = (),
    walked: Mapping[str, datetime] | None = None,
    accounts: Sequence[Mapping[str, object]] | None = None,
    deadline_seconds: float = 10,
    **more: object,
) -> AsyncIterator[CatalogGateway]:
    """Opens a gateway whose catalog at `url` has `rows`, and has read each account of `walked` whole at that time.

    `accounts` are in place of those of the sandbox, and `more` are further sections of the configuration.
    """
    database = Database(SecretStr(url), SystemClock())
    try:
        await store_rows(database, rows)
        await _store_walks(database, dict.fromkeys(LISTING, NOW) if walked is None else walked)
        opened = _OpenedResources()
        sections = {"catalog": {"url": url}, "clients": _CLIENTS, **more}
        process = Process(shared_resources=opened)
        gateway = open_gateway(
            accounts=accounts, deadline_seconds=deadline_seconds, sections=sections, process=process
        ).bearing(_ALL_TOKEN)
        yield CatalogGateway(gateway, database)
        await opened.close()
    finally:
        await database.close()


def known_link(number: int, account: str, **more: Any) -> KnownRow:
    """Returns the link `number` of the catalog. It has as many clicks as its number says."""
    link = Link(
        more.pop("handle", f"h{number}"),
        f"https://go.example/{number}",
        f"s{number}",
        more.pop("destination", f"https://example.com/{number}"),
        NOW,
        created_at=NOW - timedelta(days=number),
        included=StatsReport(frozenset(), NOW, clicks=more.pop("clicks", number), unique_clicks=None),
    )
    days = more.pop("days", ())
    row = KnownRow(number, account, replace(link, **more), tuple(days))
    return replace(row, days_from=TODAY - timedelta(days=60), days_at=NOW) if days else row


def days_ago(number: int) -> date:
    """Returns a day of the past."""
    return TODAY - timedelta(days=number)


def clicked(days: int, clicks: int, unique_clicks: int | None = None) -> DaySpan:
    """Returns the clicks of the day so many `days` ago."""
    return DaySpan(days_ago(days), days_ago(days), clicks, unique_clicks)


async def _store_walks(database: Database, walked: Mapping[str, datetime]) -> None:
    values = [{"account": key, "last_full_walk_at": at, "newest_at": at} for key, at in walked.items()]
    async with database.write() as connection:
        if values:
            await connection.execute(insert(ACCOUNT_SYNCS), values)


class _OpenedResources(SharedResources):
    """What a gateway has opened. Its tasks in the background do not run, so that nothing else fills the catalog."""

    def __init__(self) -> None:
        super().__init__()
        self._opened: list[Closable] = []

    def acquire(self, made_from: object, make: Callable[[], C]) -> C:
        resource = super().acquire(made_from, make)
        self._opened.append(resource)
        return resource

    async def close(self) -> None:
        for resource in self._opened:
            await self.release(resource)


_ALL_TOKEN: Final = "token-of-all"
_CLIENTS: Final = (
    {"name": "all", "token_sha256": digest(_ALL_TOKEN), "scopes": ["read", "write"], "accounts": ["*"]},
    {"name": "alone", "token_sha256": digest(ALONE), "scopes": ["read"], "accounts": ["tinycc"]},
)
