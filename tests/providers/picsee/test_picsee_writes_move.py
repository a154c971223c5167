"""PicSee: deleting, restoring and reporting links, over the emulator."""

import json
from datetime import date

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of, saying
from linkweave.errors import ConflictError, ForbiddenError, NotFoundError, RejectedError, UnsupportedError
from linkweave.models import LinkFilter
from linkweave.models.changes import AbuseReport, NewLink

SLUG = SEEDED[0].encode_id
STARRED = next(link for link in SEEDED if link.is_star).encode_id
DAY = 86_400
REPORT = AbuseReport(
    short_url=f"https://go.example.com/{SLUG}",
    attack_type="phishing",
    description="Asks for card numbers",
    date=date(2026, 11, 20),
    target_brand="Example Bank",
    screenshot_url="https://www.example.com/shot.png",
)


async def listed(account: Bench) -> set[str]:
    adapter = adapter_of(account)
    plan = await adapter.plan_links(LinkFilter(starred=False))
    return {link.handle for lane in plan.lanes for link in (await adapter.list_links(lane, None)).items}


async def test_a_deleted_link_is_gone_until_it_is_restored() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    await adapter.delete_link(SLUG)
    assert await links_of(adapter, [SLUG], frozenset()) == {}
    assert SLUG not in await listed(account)
    await adapter.restore_link(SLUG)
    assert set(await links_of(adapter, [SLUG], frozenset())) == {SLUG}
    assert SLUG in await listed(account)


async def test_both_are_one_endpoint() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    await adapter.delete_link(SLUG)
    await adapter.restore_link(SLUG)
    assert [(call.method, call.path, call.query) for call in account.calls] == [
        ("POST", f"/v2/links/{SLUG}/delete", {})
    ] * 2
    assert [json.loads(call.body) for call in account.calls] == [{"value": "delete"}, {"value": "recover"}]


async def test_every_plan_deletes_and_restores() -> None:
    adapter = adapter_of(bench("picsee", sandbox_account=1))
    await adapter.delete_link(SLUG)
    await adapter.restore_link(SLUG)
    assert set(await links_of(adapter, [SLUG], frozenset())) == {SLUG}


async def test_the_trash_keeps_thirty_days() -> None:
    account = bench("picsee")
    adapter = adapter_of(account)
    await adapter.delete_link(SLUG)
    account.clock.advance(30 * DAY)
    await adapter.restore_link(SLUG)
    await adapter.delete_link(SLUG)
    account.clock.advance(30 * DAY + 1)
    with pytest.raises(RejectedError) as caught:
        await adapter.restore_link(SLUG)
    assert caught.value.provider_code == "PUB00704"


async def test_a_starred_link_is_not_deleted() -> None:
    account = bench("picsee")
    with pytest.raises(RejectedError) as caught:
        await adapter_of(account).delete_link(STARRED)
    assert (caught.value.provider_code, len(account.calls)) == ("PUB00706", 1)
    assert set(await links_of(adapter_of(account), [STARRED], frozenset())) == {STARRED}


async def test_a_link_in_the_trash_keeps_its_slug() -> None:
    adapter = adapter_of(bench("picsee"))
    await adapter.delete_link(SLUG)
    with pytest.raises(ConflictError):
        await adapter.create_link(NewLink("https://example.com/", slug=SLUG))


async def test_a_link_that_was_never_deleted_can_be_restored() -> None:
    adapter = adapter_of(bench("picsee"))
    await adapter.restore_link(SLUG)
    assert set(await links_of(adapter, [SLUG], frozenset())) == {SLUG}


@pytest.mark.parametrize(("handle", "calls"), [("nothing", 1), ("..", 0)])
async def test_what_does_not_exist_can_be_neither_deleted_nor_restored(handle: str, calls: int) -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError, match="delete link"):
        await adapter_of(account).delete_link(handle)
    with pytest.raises(NotFoundError, match="restore link"):
        await adapter_of(account).restore_link(handle)
    assert len(account.calls) == 2 * calls


async def test_a_link_is_deleted_once() -> None:
    adapter = adapter_of(bench("picsee"))
    await adapter.delete_link(SLUG)
    with pytest.raises(NotFoundError):
        await adapter.delete_link(SLUG)


async def test_a_report_says_all_that_is_known() -> None:
    account = bench("picsee")
    await adapter_of(account).report_abuse(REPORT)
    (call,) = account.calls
    assert (call.method, call.path, call.query) == ("POST", "/v1/abuse", {})
    assert json.loads(call.body) == {
        "url": f"https://go.example.com/{SLUG}",
        "attack_type": "phishing",
        "description": "Asks for card numbers",
        "date": "2026-11-20",
        "target_brand": "Example Bank",
        "screenshot_url": "https://www.example.com/shot.png",
    }


async def test_a_report_needs_the_link_only() -> None:
    account = bench("picsee")
    await adapter_of(account).report_abuse(AbuseReport(REPORT.short_url))
    assert json.loads(account.calls[0].body) == {"url": REPORT.short_url}


async def test_reports_are_off_unless_the_settings_say_otherwise() -> None:
    account = bench("picsee", sandbox_account=1)
    with pytest.raises(UnsupportedError, match="report_abuse = true"):
        await adapter_of(account).report_abuse(REPORT)
    assert account.calls == []


async def test_reports_are_security_partners_business() -> None:
    account = bench("picsee", sandbox_account=1, report_abuse=True)
    with pytest.raises(ForbiddenError):
        await adapter_of(account).report_abuse(REPORT)
    assert len(account.calls) == 1


async def test_where_reports_go_is_a_setting() -> None:
    account = bench("picsee", abuse_path="/v9/reports")
    with pytest.raises(NotFoundError):
        await adapter_of(account).report_abuse(REPORT)
    assert account.calls[0].path == "/v9/reports"


async def test_only_picsees_own_links_can_be_reported() -> None:
    with pytest.raises(RejectedError) as caught:
        await adapter_of(bench("picsee")).report_abuse(AbuseReport("https://example.com/nothing"))
    assert caught.value.provider_code == "PUB01001"


async def test_what_a_report_is_answered_with_does_not_matter() -> None:
    await saying({"anything": 1}).report_abuse(REPORT)
