"""A write that breaks after it was sent is AMBIGUOUS, and reached its vendor exactly once; refusals are certain."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx2
import pytest

from harness.gateway import UNCACHED, Gateway, open_gateway
from harness.graphql_writes import DELETE, ERRORS, PROVIDER_OF, RESET, a_new_link, new_link, only_error, payload_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.schema.global_ids import encode_id

Prepare: TypeAlias = Callable[[Gateway], Awaitable[Mapping[str, Any]]]

# Nothing is selected of a link, so that none is read after the write.
CREATE = f"mutation ($input: CreateLinkInput!) {{ payload: createLink(input: $input) {{ created {ERRORS} }} }}"
UPDATE = f"mutation ($input: UpdateLinkInput!) {{ payload: updateLink(input: $input) {{ applied failed {ERRORS} }} }}"
RESTORE = f"mutation ($id: ID!) {{ payload: restoreLink(id: $id) {{ created {ERRORS} }} }}"
TAG = 'account: "tinycc", name: "print"'
CREATE_TAG = f"mutation {{ payload: createTag({TAG}) {{ {ERRORS} }} }}"
RENAME_TAG = f'mutation {{ payload: renameTag({TAG}, newName: "leaflet") {{ {ERRORS} }} }}'
DELETE_TAG = f"mutation {{ payload: deleteTag({TAG}) {{ deleted {ERRORS} }} }}"
CREATE_HOOK = f"mutation ($input: CreateWebhookInput!) {{ payload: createWebhook(input: $input) {{ {ERRORS} }} }}"
UPDATE_HOOK = f"mutation ($input: UpdateWebhookInput!) {{ payload: updateWebhook(input: $input) {{ {ERRORS} }} }}"
DELETE_HOOKS = f"mutation ($ids: [ID!]!) {{ payload: deleteWebhooks(ids: $ids) {{ deleted {ERRORS} }} }}"
ADD_TRACKER = f"mutation ($input: AddTrackerInput!) {{ payload: addTracker(input: $input) {{ {ERRORS} }} }}"
REMOVE_TRACKER = f"mutation ($id: ID!) {{ payload: removeTracker(id: $id) {{ deleted {ERRORS} }} }}"
REPORT = f"mutation ($input: ReportAbuseInput!) {{ payload: reportAbuse(input: $input) {{ reported {ERRORS} }} }}"
UPLOAD = f"mutation ($input: UploadFileInput!) {{ payload: uploadFile(input: $input) {{ {ERRORS} }} }}"

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@dataclass(frozen=True)
class Write:
    """A mutation, its variables once what it needs is there, and where at the vendor it arrives."""

    capability: Capability
    mutation: str
    prepare: Prepare
    call: str

    @property
    def path(self) -> str:
        return self.call.partition(" ")[2]


def creating(account: str) -> Prepare:
    async def prepare(gateway: Gateway) -> Mapping[str, Any]:
        await a_new_link(gateway, account)
        return {"input": new_link(account)}

    return prepare


def updating(account: str, **changes: object) -> Prepare:
    async def prepare(gateway: Gateway) -> Mapping[str, Any]:
        return {"input": {"id": await a_new_link(gateway, account), **changes}}

    return prepare


def naming(account: str, *, count: int = 1) -> Prepare:
    async def prepare(gateway: Gateway) -> Mapping[str, Any]:
        return {"ids": [await a_new_link(gateway, account) for _ in range(count)]}

    return prepare


def given(**variables: object) -> Prepare:
    async def prepare(_: Gateway) -> Mapping[str, Any]:
        return variables

    return prepare


async def restoring(gateway: Gateway) -> Mapping[str, Any]:
    link = await a_new_link(gateway, "picsee-main", slug="restore-26")
    await payload_of(gateway, DELETE, ids=[link])
    return {"id": link}


async def adding(gateway: Gateway) -> Mapping[str, Any]:
    return {"input": {"link": await a_new_link(gateway, "shortenworld"), "allTeamTrackers": True}}


async def removing(gateway: Gateway) -> Mapping[str, Any]:
    # Logs in, so that only the write itself is left to be asked.
    await a_new_link(gateway, "shortenworld")
    return {"id": encode_id("Tracker", "shortenworld", "LINK", "65a10000", "lt-65a10000")}


CUTTLY = "GET /team/API/index.php"
HOOK = encode_id("Webhook", "tinycc", "2")
Cap = Capability
WRITES: dict[str, Write] = {
    "picsee create": Write(Cap.CREATE_LINK, CREATE, creating("picsee-main"), "POST /v1/links"),
    "picsee update": Write(Cap.UPDATE_LINK, UPDATE, updating("picsee-main", title="Changed"), "PUT /v2/links/152b918"),
    "picsee delete": Write(Cap.DELETE_LINK, DELETE, naming("picsee-main"), "POST /v2/links/152b918/delete"),
    "picsee restore": Write(Cap.RESTORE_LINK, RESTORE, restoring, "POST /v2/links/restore-26/delete"),
    "picsee report": Write(
        Cap.REPORT_ABUSE,
        REPORT,
        given(input={"account": "picsee-main", "shortUrl": "https://pse.is/a"}),
        "POST /v1/abuse",
    ),
    "cuttly create": Write(Cap.CREATE_LINK, CREATE, creating("cuttly"), CUTTLY),
    "cuttly update": Write(Cap.UPDATE_LINK, UPDATE, updating("cuttly", title="Changed", slug="x26"), CUTTLY),
    "cuttly password": Write(
        Cap.UPDATE_LINK, UPDATE, updating("cuttly", password="sesame"), CUTTLY.replace("GET", "POST")
    ),
    "cuttly delete": Write(Cap.DELETE_LINK, DELETE, naming("cuttly"), CUTTLY),
    "tinycc create": Write(Cap.CREATE_LINK, CREATE, creating("tinycc"), "POST /urls"),
    "tinycc update": Write(Cap.UPDATE_LINK, UPDATE, updating("tinycc", note="x"), "PATCH /urls/1"),
    "tinycc delete": Write(Cap.DELETE_LINK, DELETE, naming("tinycc"), "DELETE /urls/1"),
    "tinycc delete many": Write(Cap.BATCH_DELETE, DELETE, naming("tinycc", count=3), "DELETE /urls"),
    "tinycc reset": Write(Cap.RESET_STATS, RESET, naming("tinycc"), "DELETE /stats/1"),
    "tinycc create tag": Write(Cap.WRITE_TAGS, CREATE_TAG, given(), "POST /tags"),
    "tinycc rename tag": Write(Cap.WRITE_TAGS, RENAME_TAG, given(), "PATCH /tags/print"),
    "tinycc delete tag": Write(Cap.WRITE_TAGS, DELETE_TAG, given(), "DELETE /tags/print"),
    "tinycc create webhook": Write(
        Cap.WRITE_WEBHOOKS,
        CREATE_HOOK,
        given(input={"account": "tinycc", "url": "https://hooks.example.com", "tag": "print"}),
        "POST /webhooks",
    ),
    "tinycc update webhook": Write(
        Cap.WRITE_WEBHOOKS, UPDATE_HOOK, given(input={"id": HOOK, "method": "get"}), "PATCH /webhooks/2"
    ),
    "tinycc delete webhook": Write(Cap.WRITE_WEBHOOKS, DELETE_HOOKS, given(ids=[HOOK]), "DELETE /webhooks/2"),
    "shortenworld create": Write(Cap.CREATE_LINK, CREATE, creating("shortenworld"), "POST /entity/link/create"),
    "shortenworld delete": Write(Cap.DELETE_LINK, DELETE, naming("shortenworld"), "DELETE /entity/link/delete"),
    "shortenworld add tracker": Write(Cap.WRITE_TRACKERS, ADD_TRACKER, adding, "POST /entity/link-tracker/create"),
    "shortenworld remove tracker": Write(
        Cap.WRITE_TRACKERS, REMOVE_TRACKER, removing, "DELETE /entity/link-tracker/delete"
    ),
    "chevereto upload": Write(
        Cap.UPLOAD_FILE, UPLOAD, given(input={"account": "chevereto", "base64": PNG}), "POST /api/1/upload"
    ),
}
STEPS: dict[str, dict[str, object]] = {
    "update": {"title": "Changed"},
    "redirect": {"destination": "https://www.example.com/changed"},
    "redirect-mobile": {"deviceTargets": [{"platform": "IOS", "destination": "https://apps.example.com"}]},
    "expiration": {"expiry": {"afterClicks": 5}},
    "password": {"password": "sesame"},
    "testing": {"variants": [{"destination": "https://www.example.com/b", "percentage": 100}]},
}
WRITES |= {
    f"shortenworld {step}": Write(
        Cap.UPDATE_LINK, UPDATE, updating("shortenworld", **changes), f"PUT /entity/link/{step}"
    )
    for step, changes in STEPS.items()
}

BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "reset": ("reset", {}),
    "truncated": ("truncated", {}),
    "500": ("status", {"status": 500}),
    "503": ("status", {"status": 503}),
    "html": ("html", {}),
    "wrong type": ("wrong_type", {}),
    "delay": ("delay", {"seconds": 60}),
    "drip": ("drip", {"seconds": 30}),
}


def one(payload: Any) -> Any:
    return payload[0] if isinstance(payload, list) else payload


def test_every_write_of_every_provider_is_here() -> None:
    writing = {
        *(Cap.CREATE_LINK, Cap.UPDATE_LINK, Cap.DELETE_LINK, Cap.RESTORE_LINK, Cap.RESET_STATS, Cap.BATCH_DELETE),
        *(Cap.WRITE_TAGS, Cap.WRITE_WEBHOOKS, Cap.WRITE_TRACKERS, Cap.REPORT_ABUSE, Cap.UPLOAD_FILE),
    }
    able = {(each.id, capability) for each in discover().values() for capability in each.capabilities & writing}
    assert {(name.partition(" ")[0], write.capability) for name, write in WRITES.items()} == able


async def break_write(gateway: Gateway, name: str, kind: str, **details: object) -> Any:
    """What a write answers whose call at the vendor goes wrong; counts only the calls of the write."""
    write, provider = WRITES[name], name.partition(" ")[0]
    variables = await write.prepare(gateway)
    gateway.forget_calls()
    gateway.break_provider(provider, kind, path=write.path, **details)
    return await payload_of(gateway, write.mutation, **variables)


@pytest.mark.parametrize(("kind", "details"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", WRITES)
async def test_a_write_that_breaks_after_it_was_sent_is_ambiguous_and_was_sent_once(
    name: str, kind: str, details: dict[str, Any]
) -> None:
    gateway = open_gateway()
    payload = await break_write(gateway, name, kind, **details)
    error = only_error(one(payload))
    assert error["code"] == "AMBIGUOUS"
    assert PROVIDER_OF[error["account"]["key"]] == name.partition(" ")[0]
    assert "may have been" in error["message"]
    calls = gateway.calls()[name.partition(" ")[0]]
    assert calls.count(WRITES[name].call) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_too_many_requests_is_a_certain_refusal(name: str) -> None:
    gateway = open_gateway()
    payload = await break_write(gateway, name, "status", status=429, headers={"retry-after": "30"})
    error = only_error(one(payload))
    assert (error["code"], error["retryAfterSeconds"]) == ("RATE_LIMITED", 30)
    assert gateway.calls()[name.partition(" ")[0]].count(WRITES[name].call) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_a_vendor_that_cannot_be_reached_did_not_write(name: str) -> None:
    reached = True

    class Unplugged(httpx2.AsyncBaseTransport):
        def __init__(self, wire: httpx2.AsyncBaseTransport) -> None:
            self._wire = wire

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            if reached:
                return await self._wire.handle_async_request(request)
            raise httpx2.ConnectError("connection refused")

    gateway = open_gateway(around=Unplugged)
    variables = await WRITES[name].prepare(gateway)
    gateway.forget_calls()
    reached = False
    payload = one(await payload_of(gateway, WRITES[name].mutation, **variables))
    assert only_error(payload)["code"] == "UNAVAILABLE"
    assert gateway.calls() == {}


@pytest.mark.parametrize("name", ["picsee create", "cuttly create", "tinycc create", "shortenworld create"])
async def test_an_ambiguous_create_says_what_to_look_for(name: str) -> None:
    gateway = open_gateway()
    payload = await break_write(gateway, name, "reset")
    message = only_error(payload)["message"]
    assert "https://www.example.com/new" in message
    assert "idempotencyKey" in message


@pytest.mark.parametrize("name", ["cuttly update", "tinycc update", "picsee update", "shortenworld redirect"])
async def test_no_field_of_an_ambiguous_update_counts_as_applied(name: str) -> None:
    gateway = open_gateway()
    payload = await break_write(gateway, name, "reset")
    assert payload["applied"] == []
    assert payload["failed"]


async def test_what_follows_an_ambiguous_step_is_not_sent() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    gateway.break_provider("shortenworld", "reset", path="/entity/link/redirect-mobile")
    changes = {name: value for step in STEPS.values() for name, value in step.items()}
    payload = await payload_of(gateway, UPDATE, input={"id": link, **changes})
    assert payload["applied"] == ["destination", "title"]
    assert payload["failed"] == ["deviceTargets", "expiry", "password", "variants"]
    assert only_error(payload)["code"] == "AMBIGUOUS"
    steps = ["update", "redirect", "redirect-mobile"]
    assert gateway.calls()["shortenworld"] == [f"PUT /entity/link/{step}" for step in steps]


async def test_a_write_is_not_sent_when_the_time_is_up_before_it() -> None:
    gateway = open_gateway(sections=UNCACHED)
    await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    gateway.break_provider("shortenworld", "delay", seconds=60, path="/entity/team/list")
    payload = await payload_of(gateway, CREATE, input=new_link("shortenworld"))
    assert only_error(payload)["code"] == "TIMEOUT"
    assert gateway.calls()["shortenworld"] == ["GET /entity/team/list"]
