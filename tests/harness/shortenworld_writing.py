"""What ShortenWorld's writing tests stand on: each write by name, and an emulator whose line can break."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import httpx2

from harness.emulators import Bench, ManualClock, Seen
from linkweave.models import DeviceTarget, Expiry, Link, LinkFilter, Platform, Variant
from linkweave.models.changes import LinkPatch, NewLink, NewTrackers
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter
from linkweave.providers.shortenworld.emulator import create_emulator

CREATE, UPDATE, DELETE = "/entity/link/create", "/entity/link/update", "/entity/link/delete"
REDIRECT, MOBILE = "/entity/link/redirect", "/entity/link/redirect-mobile"
EXPIRATION, PASSWORD, TESTING = "/entity/link/expiration", "/entity/link/password", "/entity/link/testing"
ADD_TRACKERS, REMOVE_TRACKER = "/entity/link-tracker/create", "/entity/link-tracker/delete"
DOMAINS, LINK_TRACKERS = "/entity/domain/list", "/entity/link-tracker/list"

SHOWN, APAC, EMEA = "65a10000", "65a10000", "65a10001"
NEW = NewLink("https://www.example.com/new", domain="go.fashion.example")

Write: TypeAlias = Callable[[ShortenWorldAdapter], Awaitable[object]]


async def update(adapter: ShortenWorldAdapter, handle: str, patch: LinkPatch) -> list[frozenset[str]]:
    """Every step, as the gateway takes them; gives the fields of each."""
    done = []
    for step in adapter.plan_update(patch):
        assert await step.run(handle) == handle
        done.append(step.fields)
    return done


def updating(**changes: Any) -> Write:
    return lambda adapter: update(adapter, SHOWN, LinkPatch(**changes))


WRITES: Mapping[str, tuple[str, Write]] = {
    "create": (CREATE, lambda adapter: adapter.create_link(NEW)),
    "update": (UPDATE, updating(title="Changed")),
    "redirect": (REDIRECT, updating(destination="https://www.example.com/changed")),
    "mobile": (MOBILE, updating(device_targets=(DeviceTarget(Platform.IOS, "https://www.example.com/ios"),))),
    "expiration": (EXPIRATION, updating(expiry=Expiry(at=date(2026, 12, 31)))),
    "password": (PASSWORD, updating(password="correct-horse")),
    "testing": (
        TESTING,
        updating(variants=(Variant("https://a.example/", 60), Variant("https://b.example/", 40))),
    ),
    "delete": (DELETE, lambda adapter: adapter.delete_link(SHOWN)),
    "add trackers": (ADD_TRACKERS, lambda adapter: adapter.add_trackers(NewTrackers(SHOWN, ("tt-1",)))),
    "remove a tracker": (REMOVE_TRACKER, lambda adapter: adapter.remove_tracker("lt-65a10000")),
}


def writes_seen(it: Bench) -> list[tuple[str, str, dict[str, str], object]]:
    """Method, path, query and JSON body of every call that changed something."""
    return [
        (call.method, call.path, dict(call.query), body_of(call))
        for call in it.calls
        if call.method != "GET" and not call.path.startswith("/authen/")
    ]


def body_of(call: Seen) -> object:
    return json.loads(call.body) if call.body else None


async def read_link(adapter: ShortenWorldAdapter, handle: str) -> Link:
    return (await adapter.get_links([handle], frozenset()))[handle]


async def all_links(adapter: ShortenWorldAdapter) -> list[Link]:
    links: list[Link] = []
    for lane in (await adapter.plan_links(LinkFilter())).lanes:
        at: str | None = None
        while True:
            page = await adapter.list_links(lane, at)
            links += page.items
            at = page.next
            if at is None:
                break
    return links


@dataclass
class Line:
    """The way to an emulator. `spoil` puts an exception or another answer in the place of the answer to a path,
    after the emulator has done what it was asked.
    """

    spoil: Mapping[str, Exception | tuple[int, object]] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=ManualClock)
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.emulator = httpx2.ASGITransport(app=create_emulator(EmulatorOptions(self.clock)))

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.paths.append(request.url.path)
        response = await self.emulator.handle_async_request(request)
        body = await response.aread()
        status = response.status_code
        spoilt = self.spoil.get(request.url.path)
        if isinstance(spoilt, Exception):
            raise spoilt
        if spoilt is not None:
            status, body = spoilt[0], spoilt[1] if isinstance(spoilt[1], bytes) else json.dumps(spoilt[1]).encode()
        return httpx2.Response(status, stream=httpx2.ByteStream(body), request=request)
