"""TinyURL's emulator answers what the document says."""

from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.tinyurl.emulator import create_emulator
from linkweave.providers.tinyurl.emulator.account import READING_TOKEN, TOKEN

NEW = {"url": "https://example.com/a", "alias": "promo-1", "tags": ["x"]}
FROM = {"from": "2026-10-20T00:00:00+0000"}
NAME = {"domain": "tinyurl.com", "alias": "promo-1"}


def client(token: str | None = TOKEN) -> httpx2.AsyncClient:
    app = create_emulator(EmulatorOptions(ManualClock()))
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://tinyurl", headers=headers)


async def ask(http: httpx2.AsyncClient, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = await http.request(method, path, json=body)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("token", "method", "path", "body", "status", "refusal"),
    [
        (None, "GET", "/urls/available", None, 401, (1, "Unauthenticated.")),
        (READING_TOKEN, "POST", "/create", NEW, 405, (4, "Method not allowed")),
        (TOKEN, "POST", "/create", {"url": "x"}, 422, (5, "The url is invalid.")),
        (TOKEN, "POST", "/create", {}, 422, (5, "The URL field is required.")),
        (TOKEN, "POST", "/create", {**NEW, "alias": "x" * 31}, 422, (5, "Alias field is too long")),
        (TOKEN, "POST", "/create", {**NEW, "alias": "abc"}, 422, (5, "Alias field is too short")),
        (TOKEN, "POST", "/create", {**NEW, "domain": "nobodys.example"}, 422, (5, "The domain is invalid.")),
        (TOKEN, "POST", "/create", {**NEW, "tags": ["x" * 46]}, 422, (5, "The tags field is invalid.")),
        (TOKEN, "POST", "/create", {**NEW, "expires_at": "soon"}, 422, (5, "The expires_at is not a valid date.")),
        (TOKEN, "PATCH", "/archive", {"domain": "tinyurl.com"}, 422, (5, "The alias field is required.")),
        (TOKEN, "GET", "/alias/tinyurl.com/nobodys", None, 404, (6, "Not found")),
        (TOKEN, "GET", "/urls/all", None, 422, (5, "The selected type is invalid.")),
        (TOKEN, "GET", "/nothing", None, 404, (6, "Not found")),
        (TOKEN, "POST", "/bulk", {"items": []}, 422, (5, "The items field is required.")),
        (TOKEN, "GET", "/bulk/9/status", None, 404, (6, "Not found")),
        (TOKEN, "GET", "/analytics/timeline", None, 422, (5, "The from field is required.")),
        (
            *(TOKEN, "GET", "/analytics/timeline?from=2026-11-01&interval=year", None, 422),
            (5, "The selected interval is invalid."),
        ),
    ],
)
async def test_a_refusal_has_the_documented_status_and_code(
    token: str | None, method: str, path: str, body: object, status: int, refusal: tuple[int, str]
) -> None:
    code, words = refusal
    assert await ask(client(token), method, path, body) == (status, {"data": [], "code": code, "errors": [words]})


async def test_a_link_is_created_shown_changed_archived_and_deleted_as_documented() -> None:
    http = client()
    created = (await ask(http, "POST", "/create", NEW))[1]["data"]
    assert created["tiny_url"] == "https://tinyurl.com/promo-1"
    assert created["created_at"] == "2026-11-20T10:30:00.000000Z"
    assert (await ask(http, "POST", "/create", NEW))[1]["errors"] == ["Alias is not available."]
    shown = (await ask(http, "GET", "/alias/tinyurl.com/promo-1?api_token=unused"))[1]["data"]
    assert shown == {**created, "hits": 0, "user": shown["user"], "team": None}
    changed = {"url": "https://example.com/b"}
    assert (await ask(http, "PATCH", "/change", {**NAME, **changed}))[1]["data"] == changed
    for archived in (True, False):
        assert (await ask(http, "PATCH", "/archive", NAME))[1]["data"]["archived"] is archived
    assert "url" not in (await ask(http, "PATCH", "/update", {**NAME, "new_tags": []}))[1]["data"]
    off = (await ask(http, "PATCH", "/analytics/status", {**NAME, "enabled": False}))[1]["data"]
    public = (await ask(http, "PATCH", "/analytics/sharing", {**NAME, "public": True}))[1]["data"]
    assert (off["analytics"]["enabled"], public["analytics"]["public"]) == (False, True)
    assert (await ask(http, "DELETE", "/alias/tinyurl.com/promo-1"))[1]["data"]["deleted"]


async def test_lists_take_times_and_a_search_and_are_counted() -> None:
    http = client()
    every = (await ask(http, "GET", "/urls/available"))[1]["data"]
    assert (await ask(http, "GET", "/urls/available/count"))[1]["data"] == {"count": len(every)}
    alias = every[0]["alias"]
    assert [each["alias"] for each in (await ask(http, "GET", f"/urls/available?search=alias:{alias}"))[1]["data"]] == [
        alias
    ]
    sale = (await ask(http, "GET", "/urls/available?search=tag:sale"))[1]["data"]
    assert 0 < len(sale) < len(every)
    early = (await ask(http, "GET", "/urls/available?to=2026-10-01"))[1]["data"]
    late = (await ask(http, "GET", "/urls/available?from=2026-10-01"))[1]["data"]
    assert len(early) + len(late) == len(every)


async def test_a_job_is_processed_after_two_questions_and_reports_each_item() -> None:
    http = client()
    names = ("create", "unarchive", "nonsense")
    items = [{**NEW, "operation": name, "metadata": at} for at, name in enumerate(names)]
    job = (await ask(http, "POST", "/bulk", {"domain": "tinyurl.com", "items": items}))[1]["data"]
    assert (job["total"], job["failed"]) == (3, 2)
    path = f"/bulk/{job['id']}"
    assert (await ask(http, "GET", f"{path}/report"))[1]["data"] == []
    statuses = [(await ask(http, "GET", f"{path}/status"))[1]["data"]["status"] for _ in range(2)]
    rows = (await ask(http, "GET", f"{path}/report"))[1]["data"]
    assert (job["status"], statuses) == (0, [1, 2])
    assert {row["metadata"]: row["status"] for row in rows} == {0: "success", 1: "failed", 2: "failed"}


async def test_reports_of_a_tag_an_account_and_other_zones_have_the_same_clicks() -> None:
    http = client()
    sums = []
    for interval in ("hour", "day", "week", "month"):
        answer = await http.get("/analytics/timeline", params={**FROM, "interval": interval})
        sums.append(sum(row["total"] for row in answer.json()["data"]["dataset"]))
    zoned = {"from": "2026-10-20T00:00:00-0800"}
    assert (await http.get("/analytics/timeline", params=zoned)).json()["data"]["timezone"] == "-08:00"
    for name in ("weekday", "hour"):
        answer = await http.get(f"/analytics/popularity/{name}", params=FROM)
        sums.append(sum(answer.json()["data"]["dataset"]))
    for region in ("world", "DE"):
        data = (await http.get(f"/analytics/location/{region}", params=FROM)).json()["data"]
        sums.append(sum(row["value"] for row in data["dataset"]) + data["none"])
    assert len(set(sums)) == 1
    tagged = (await http.get("/analytics/general", params={**FROM, "tag": "sale"})).json()["data"]["total"]
    assert 0 < tagged < sums[0]
