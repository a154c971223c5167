"""PicSee's emulator by itself: what its document says and the adapter does not use or must not trip over."""

import pytest

from harness.emulators import Bench, bench
from linkweave.providers.picsee.emulator import BASIC_TOKEN, MAIN_TOKEN

MAIN = {"authorization": f"Bearer {MAIN_TOKEN}"}
BASIC = {"authorization": f"Bearer {BASIC_TOKEN}"}


async def ask(
    account: Bench, path: str, headers: dict[str, str], *, method: str = "GET", json: object = None
) -> tuple[int, dict[str, object]]:
    response = await account.http.request(method, f"http://emulator{path}", headers=headers, json=json)
    body = response.json()
    assert isinstance(body, dict)
    return response.status_code, body


async def first_slug(account: Bench) -> str:
    _, body = await ask(account, "/v2/links/overview?limit=1", MAIN, method="POST")
    data = body["data"]
    assert isinstance(data, list)
    return str(data[0]["encodeId"])


async def csv(account: Bench, path: str) -> list[str]:
    response = await account.http.get(f"http://emulator{path}", headers=MAIN)
    assert response.headers["content-type"].startswith("text/csv")
    return response.text.splitlines()


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        (f"?access_token={MAIN_TOKEN}", {}),
        ("", {"X-API-Key": MAIN_TOKEN}),
        ("", {"Authorization": f"Bearer {MAIN_TOKEN}"}),
    ],
)
async def test_a_token_is_taken_in_three_places(query: str, headers: dict[str, str]) -> None:
    status, _ = await ask(bench("picsee"), f"/v2/my/api/status{query}", headers)
    assert status == 200


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "wrong"}, {"Authorization": "Basic wrong"}])
async def test_anybody_else_is_refused(headers: dict[str, str]) -> None:
    status, body = await ask(bench("picsee"), "/v2/my/api/status", headers)
    assert status == 401
    assert isinstance(body["error"], dict)
    assert body["error"]["status"] == 401


async def test_meta_leaks_the_token_of_the_query() -> None:
    _, body = await ask(bench("picsee"), f"/v4/my/api/tags?access_token={MAIN_TOKEN}", {})
    assert body["meta"] == {"request": {"url": "/v4/my/api/tags", "query": {"access_token": MAIN_TOKEN}}}


@pytest.mark.parametrize(
    "path",
    ["/v2/my/api/status", "/v4/my/api/usage", "/v4/my/api/domains", "/v4/my/api/tags", "/v4/my/api/trackingTools"],
)
async def test_a_second_call_within_a_second_is_one_too_many(path: str) -> None:
    account = bench("picsee")
    assert [(await ask(account, path, MAIN))[0] for _ in range(2)] == [200, 429]
    assert (await ask(account, path, BASIC))[0] == 200
    account.clock.advance(1)
    assert (await ask(account, path, MAIN))[0] == 200


async def test_limits_can_be_switched_off() -> None:
    account = bench("picsee", rate_limits=False)
    assert [(await ask(account, "/v4/my/api/tags", MAIN))[0] for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize(("headers", "allowed"), [(MAIN, 10), (BASIC, 1)])
async def test_details_are_limited_together_by_plan(headers: dict[str, str], allowed: int) -> None:
    account = bench("picsee")
    base = f"/v4/links/{await first_slug(account)}/details"
    kinds = ["platform", "referrers", "regions", "dailyClicks"] * 3
    statuses = [(await ask(account, f"{base}/{kind}", headers))[0] for kind in kinds]
    assert statuses.count(200) == allowed
    assert statuses[allowed:] == [429] * (12 - allowed)


async def test_the_list_defaults_to_twenty_unstarred_links_made_by_the_api() -> None:
    account = bench("picsee", rate_limits=False)
    _, plain = await ask(account, "/v2/links/overview", MAIN, method="POST")
    _, spelled = await ask(account, "/v2/links/overview?limit=20&isAPI=true&isStar=false", MAIN, method="POST")
    assert isinstance(plain["data"], list)
    assert len(plain["data"]) == 20
    assert plain["data"] == spelled["data"]


@pytest.mark.parametrize(
    "query", ["limit=51", "limit=x", "isAPI=yes", "startTime=2026-11-20", "startTime=2026-13-01T00:00:00"]
)
async def test_parameters_that_are_not_as_documented_are_refused(query: str) -> None:
    status, _ = await ask(bench("picsee"), f"/v2/links/overview?{query}", MAIN, method="POST")
    assert status == 400


@pytest.mark.parametrize("body", [{"keyword": "podcast"}, {"encodeId": "x"}])
async def test_search_needs_the_advanced_plan(body: object) -> None:
    status, answer = await ask(bench("picsee"), "/v2/links/overview", BASIC, method="POST", json=body)
    assert isinstance(answer["error"], dict)
    assert (status, answer["error"]["code"]) == (403, "PUB00201")


@pytest.mark.parametrize(
    ("body", "status"),
    [({"tag": "ab"}, 400), ({"keyword": "x" * 31}, 400), ({"keyword": 7}, 400), ([], 400), ({}, 200)],
)
async def test_search_words_have_three_to_thirty_characters(body: object, status: int) -> None:
    answer = await ask(bench("picsee"), "/v2/links/overview", MAIN, method="POST", json=body)
    assert answer[0] == status


async def test_a_body_that_is_no_json_is_refused() -> None:
    account = bench("picsee")
    response = await account.http.post("http://emulator/v2/links/overview", headers=MAIN, content=b"{")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"encodeId": "nothing", "authorId": 739, "keyword": "podcast"}, 0),
        ({"authorId": 739, "keyword": "nothing at all"}, 20),
        ({"authorId": 740}, 0),
    ],
)
async def test_the_first_search_parameter_wins(body: object, found: int) -> None:
    _, answer = await ask(bench("picsee"), "/v2/links/overview", MAIN, method="POST", json=body)
    assert isinstance(answer["data"], list)
    assert len(answer["data"]) == found


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("v1/links/{slug}/overview", "url,picseeUrl,createTime,externalId,totalClicks,uniqueClicks"),
        ("v4/links/{slug}/details/dailyClicks", "date,totalClicks,uniqueClicks"),
        ("v4/links/{slug}/details/platform", "platform,count"),
        ("v4/links/{slug}/details/referrers", "referer,count"),
        ("v4/links/{slug}/details/regions", "name,code,count"),
        ("v4/links/{slug}/details/audienceLabels", "type,label,count"),
    ],
)
async def test_analytics_come_as_csv_too(path: str, columns: str) -> None:
    account = bench("picsee", rate_limits=False)
    _, body = await ask(account, "/v2/links/overview?startTime=2026-10-01T00:00:00&limit=1", MAIN, method="POST")
    assert isinstance(body["data"], list)
    lines = await csv(account, f"/{path.format(slug=body['data'][0]['encodeId'])}?format=csv")
    assert lines[0] == columns
    assert len(lines) > 1


async def test_other_formats_are_refused() -> None:
    account = bench("picsee")
    status, _ = await ask(account, f"/v1/links/{await first_slug(account)}/overview?format=xml", MAIN)
    assert status == 400


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        (MAIN, "startTime=2025-11-21T00:00:00", 200),
        (MAIN, "startTime=2025-11-20T00:00:00", 400),
        (BASIC, "startTime=2026-10-22T00:00:00", 200),
        (BASIC, "startTime=2026-10-20T00:00:00", 400),
        (MAIN, "startTime=2026-11-20T00:00:00&endTime=2026-11-19T00:00:00", 400),
        (MAIN, "endTime=2026-11-20T18:30:01", 400),
        (MAIN, "", 200),
        (BASIC, "", 200),
    ],
)
async def test_details_reach_back_a_year_or_thirty_days(headers: dict[str, str], query: str, expected: int) -> None:
    account = bench("picsee")
    status, _ = await ask(account, f"/v4/links/{await first_slug(account)}/details/platform?{query}", headers)
    assert status == expected


async def test_a_range_that_ends_at_midnight_leaves_out_the_day_that_begins() -> None:
    account = bench("picsee")
    _, body = await ask(account, "/v2/links/overview?startTime=2026-10-01T00:00:00&limit=1", MAIN, method="POST")
    assert isinstance(body["data"], list)
    path = f"/v4/links/{body['data'][0]['encodeId']}/details/dailyClicks"
    _, days = await ask(account, f"{path}?startTime=2026-11-18T00:00:00&endTime=2026-11-19T00:00:00", MAIN)
    assert isinstance(days["data"], dict)
    assert [row["date"] for row in days["data"]["dailyClicks"]] == ["2026-11-18"]


async def test_usage_covers_at_most_thirty_one_days() -> None:
    query = "startTime=2026-10-01T00:00:00&endTime=2026-11-01T00:00:01"
    status, _ = await ask(bench("picsee"), f"/v4/my/api/usage?{query}", MAIN)
    assert status == 400


async def test_audience_labels_need_the_advanced_plan() -> None:
    account = bench("picsee")
    status, body = await ask(account, f"/v4/links/{await first_slug(account)}/details/audienceLabels", BASIC)
    assert isinstance(body["error"], dict)
    assert (status, body["error"]["code"]) == (403, "PUB00201")


@pytest.mark.parametrize("path", ["/v1/links/nothing/overview", "/v4/links/nothing/details/cities", "/v9/nothing"])
async def test_what_is_not_there_is_refused_in_the_same_envelope(path: str) -> None:
    status, body = await ask(bench("picsee"), path, MAIN)
    assert status == 404
    assert isinstance(body["error"], dict)
    assert body["error"]["status"] == 404
