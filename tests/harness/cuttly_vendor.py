"""What the tests of Cutt.ly stand on."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote_plus

import httpx2

from harness.emulators import Bench, ManualClock, Recorder, Seen, answering
from linkweave.accounts import open_account
from linkweave.errors import VendorError
from linkweave.models import Link
from linkweave.models.changes import LinkPatch
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.adapter import CuttlyAdapter
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, ENTERPRISE_KEY, create_emulator
from linkweave.providers.cuttly.emulator.links import ShortLink
from linkweave.providers.cuttly.emulator.team import Team
from linkweave.providers.emulator_kit import EmulatorOptions

FIELDS = frozenset({"destination", "title", "stats"})
SPRING_SALE = "cutt.ly/spring-sale"


def adapter_of(account: Bench) -> CuttlyAdapter:
    adapter = account.account.adapter
    assert isinstance(adapter, CuttlyAdapter)
    return adapter


def adapter_over(
    http: httpx2.AsyncClient, clock: ManualClock | None = None, api_key: str = "key-of-a-test"
) -> CuttlyAdapter:
    """The adapter of an account that calls the vendor through `http`."""
    table = {"key": "social", "provider": "cuttly", "api_key": api_key, "domains": ["cutt.ly", DEMO_DOMAIN]}
    adapter = open_account(PROVIDER.settings.model_validate(table), PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, CuttlyAdapter)
    return adapter


def adapter_answering(body: object, status: int = 200) -> CuttlyAdapter:
    """The adapter of an account whose vendor gives every call the same answer: JSON, or bytes as they are."""
    return adapter_over(answering(status, body if isinstance(body, bytes) else json.dumps(body).encode()))


async def get(adapter: CuttlyAdapter, handle: str) -> Link:
    """One link; its error, which stands in its place, is raised."""
    found = (await adapter.get_links([handle], FIELDS))[handle]
    if isinstance(found, VendorError):
        raise found
    return found


@dataclass(frozen=True)
class Vendor:
    """An account over an emulator, what was asked of it, and what the team has there."""

    adapter: CuttlyAdapter
    team: Team
    calls: list[Seen]

    def link(self, handle: str = SPRING_SALE) -> ShortLink:
        return self.team.links[handle]

    @property
    def sent(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Method and query of each call, the query in its order."""
        return [(call.method, list(call.query.items())) for call in self.calls]


def vendor(api_key: str = ENTERPRISE_KEY) -> Vendor:
    clock = ManualClock()
    app = create_emulator(EmulatorOptions(clock))
    recorder = Recorder(app)
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder))
    return Vendor(adapter_over(http, clock, api_key), app.state.team, recorder.seen)


async def change(account: Vendor, patch: LinkPatch, handle: str = SPRING_SALE) -> str:
    """Make the steps of an update; gives the handle after it."""
    assert list(account.adapter.check_patch(patch)) == []
    for step in account.adapter.plan_update(patch):
        handle = await step.run(handle)
    return handle


def shown(method: str, example: str, **values: str) -> tuple[str, list[tuple[str, str]]]:
    """A request whose query the document shows as `example`, after the key; `values` come where it has {{…}}."""
    for name, value in values.items():
        example = example.replace("{{" + name + "}}", quote_plus(value))
    assert "{{" not in example
    return method, [("key", ENTERPRISE_KEY), *parse_qsl(example, keep_blank_values=True)]
