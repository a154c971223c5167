"""PicSee: how deletions, restorations and abuse reports are sent."""

import json
from datetime import date

import pytest

from harness.emulators import bench
from harness.picsee_vendor import SEEDED, adapter_answering, adapter_of
from linkweave.errors import NotFoundError
from linkweave.models.changes import AbuseReport

SLUG = SEEDED[0].encode_id
REPORT = AbuseReport(
    short_url=f"https://go.example.com/{SLUG}",
    attack_type="phishing",
    description="Asks for card numbers",
    date=date(2026, 11, 20),
    target_brand="Example Bank",
    screenshot_url="https://www.example.com/shot.png",
)


@pytest.mark.parametrize("sandbox_account", [0, 1])
async def test_deleting_and_restoring_are_one_endpoint_on_every_plan(sandbox_account: int) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    adapter = adapter_of(account)
    await adapter.delete_link(SLUG)
    await adapter.restore_link(SLUG)
    calls = [(call.method, call.path, call.query) for call in account.calls]
    assert calls == [("POST", f"/v2/links/{SLUG}/delete", {})] * 2
    assert [json.loads(call.body) for call in account.calls] == [{"value": "delete"}, {"value": "recover"}]


@pytest.mark.parametrize(("handle", "calls"), [("nothing", 1), ("..", 0)])
async def test_a_link_that_does_not_exist_can_be_neither_deleted_nor_restored(handle: str, calls: int) -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError, match="delete link"):
        await adapter_of(account).delete_link(handle)
    with pytest.raises(NotFoundError, match="restore link"):
        await adapter_of(account).restore_link(handle)
    assert len(account.calls) == 2 * calls


@pytest.mark.parametrize(
    ("report", "body"),
    [
        (
            REPORT,
            {
                "url": f"https://go.example.com/{SLUG}",
                "attack_type": "phishing",
                "description": "Asks for card numbers",
                "date": "2026-11-20",
                "target_brand": "Example Bank",
                "screenshot_url": "https://www.example.com/shot.png",
            },
        ),
        (AbuseReport(REPORT.short_url), {"url": REPORT.short_url}),
    ],
)
async def test_a_report_has_the_fields_that_are_given(report: AbuseReport, body: dict[str, str]) -> None:
    account = bench("picsee")
    await adapter_of(account).report_abuse(report)
    (call,) = account.calls
    assert (call.method, call.path, call.query, json.loads(call.body)) == ("POST", "/v1/abuse", {}, body)


async def test_a_setting_names_the_path_of_reports() -> None:
    account = bench("picsee", abuse_path="/v9/reports")
    with pytest.raises(NotFoundError):
        await adapter_of(account).report_abuse(REPORT)
    assert account.calls[0].path == "/v9/reports"


async def test_a_report_may_be_answered_with_any_object() -> None:
    await adapter_answering({"anything": 1}).report_abuse(REPORT)
