"""What a gateway with a catalog has of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias

from pydantic import SecretStr

from linkweave.catalog.database import Database
from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.jobs.copy_plan_store import CopyPlanStore
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.link_imports import LinkImports
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.catalog.recorder import LinkRecorder
from linkweave.catalog.subscribers.outbox import Outbox
from linkweave.catalog.subscribers.subscriber_store import SubscriberStore
from linkweave.catalog.writes.link_news import link_events
from linkweave.clock import Clock
from linkweave.events.encoding import ReportLost
from linkweave.events.events import Event
from linkweave.settings import CatalogSettings

Publish: TypeAlias = Callable[[Sequence[Event]], None]


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalog of one process. `publish` gets what has just happened to links, once it is stored."""

    database: Database
    clock: Clock
    settings: CatalogSettings
    recorder: LinkRecorder
    reads: CatalogReads
    publish: Publish
    outbox: Outbox
    # Set when a job was started in this process, so that it need not be looked for.
    job_started: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @classmethod
    def over(
        cls,
        database: Database,
        clock: Clock,
        settings: CatalogSettings,
        publish: Publish = lambda _: None,
        report_lost: ReportLost = lambda *_: None,
    ) -> Self:
        """Returns the catalog in an open database. `report_lost` gets each event that cannot be stored."""
        outbox = Outbox(database, clock, report_lost=report_lost)

        def publish_and_store(events: Sequence[Event]) -> None:
            publish(events)
            outbox.publish(events)

        bounds = Bounds(settings.statistics_min_seconds, settings.statistics_max_seconds)
        recorder = LinkRecorder(database, clock, lambda changes: publish_and_store(link_events(changes)), bounds)
        return cls(database, clock, settings, recorder, CatalogReads(database), publish_and_store, outbox)

    def prepare(self) -> None:
        """Starts to create the tables, or to upgrade them. The first transaction does so too, if this does not succeed.

        A start does not wait for that: the server of the database may be down.
        """
        self.recorder.start_upgrade()

    @property
    def copy_plans(self) -> CopyPlanStore:
        """The plans of copies."""
        return CopyPlanStore(self.database)

    @property
    def jobs(self) -> JobStore:
        """The jobs, and who works on them."""
        return JobStore(self.database)

    @property
    def subscribers(self) -> SubscriberStore:
        """The subscribers, and who serves them."""
        return SubscriberStore(self.database)

    @property
    def imports(self) -> LinkImports:
        """Links that are imported by their short URLs."""
        return LinkImports(self.database, self.clock)

    async def close(self) -> None:
        """Stores what waits to be stored, and closes the database."""
        await self.recorder.close()
        await self.outbox.close()
        await self.database.close()


def open_catalog(
    settings: CatalogSettings,
    url: SecretStr,
    clock: Clock,
    folder: Path,
    report: Callable[[str | None], None] = lambda _: None,
    publish: Publish = lambda _: None,
    report_lost: ReportLost = lambda *_: None,
) -> Catalog:
    """Opens the catalog at `url`. Sends nothing to its database yet. The path of a file begins at `folder`.

    `report` gets each change of the database's state: why it cannot be used, or None. `publish` gets what has just
    happened to links, once it is stored, and `report_lost` each event that cannot be stored for subscribers.

    Raises:
        ConfigurationError: the packages that this database needs are not installed.
    """
    database = Database(url, clock, report, folder)
    return Catalog.over(database, clock, settings, publish, report_lost)
