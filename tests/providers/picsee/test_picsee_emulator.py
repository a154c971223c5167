"""PicSee's emulator by itself: authentication, limits, and samples of its document and of its public clients."""

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED
from linkweave.providers.picsee.emulator import BASIC_TOKEN, FREE_TOKEN, MAIN_TOKEN

LIST, CREATE, ABUSE = "/v2/links/overview", "/v1/links", "/v1/abuse"
EDIT, TRASH = "/v2/links/mine", "/v2/links/mine/delete"
NEW = {"url": "https://www.example.com/a", "encodeId": "mine"}
SHORT = "https://go.example.com/mine"
LINK = SEEDED[100].encode_id
DETAILS = f"/v4/links/{LINK}/details"


async def call(
    account: Bench, path: str, body: object = None, *, method: str | None = None, token: str = MAIN_TOKEN
) -> tuple[int, dict[str, object]]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    method = method or ("GET" if body is None else "POST")
    response = await account.http.request(method, f"http://emulator{path}", headers=headers, json=body)
    answer = response.json()
    assert isinstance(answer, dict)
    return response.status_code, answer


async def code_of(
    account: Bench, path: str, body: object = None, *, method: str | None = None, token: str = MAIN_TOKEN
) -> object:
    """The code of a refusal, None where the call succeeds."""
    status, answer = await call(account, path, body, method=method, token=token)
    error = answer.get("error", {"code": None})
    assert isinstance(error, dict)
    assert status == error.get("status", 200)
    return error["code"]


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        (f"?access_token={MAIN_TOKEN}", {}, 200),
        ("", {"X-API-Key": MAIN_TOKEN}, 200),
        ("", {"Authorization": f"Bearer {MAIN_TOKEN}"}, 200),
        ("", {}, 401),
        ("", {"X-API-Key": "wrong"}, 401),
        ("", {"Authorization": "Basic wrong"}, 401),
    ],
)
async def test_a_token_is_taken_in_three_places(query: str, headers: dict[str, str], status: int) -> None:
    response = await bench("picsee").http.get(f"http://emulator/v2/my/api/status{query}", headers=headers)
    assert response.status_code == status


async def test_meta_echoes_the_query_with_its_token_and_what_was_posted() -> None:
    account = bench("picsee")
    _, read = await call(account, f"/v4/my/api/tags?access_token={MAIN_TOKEN}", token="")
    assert read["meta"] == {"request": {"url": "/v4/my/api/tags", "query": {"access_token": MAIN_TOKEN}}}
    body = {**NEW, "externalId": "crm", "title": "Not echoed"}
    _, made = await call(account, f"{CREATE}?access_token={MAIN_TOKEN}", body, token="")
    echo = {"access_token": MAIN_TOKEN, "url": NEW["url"], "externalId": "crm"}
    assert made == {"data": {"picseeUrl": SHORT}, "meta": {"request": {"url": CREATE, "query": echo}}}


@pytest.mark.parametrize(
    "path",
    ["/v2/my/api/status", "/v4/my/api/usage", "/v4/my/api/domains", "/v4/my/api/tags", "/v4/my/api/trackingTools"],
)
async def test_a_second_call_within_a_second_is_refused(path: str) -> None:
    account = bench("picsee")
    assert [(await call(account, path))[0] for _ in range(2)] == [200, 429]
    assert (await call(account, path, token=BASIC_TOKEN))[0] == 200
    account.clock.advance(1)
    assert (await call(account, path))[0] == 200


@pytest.mark.parametrize(("token", "allowed"), [(MAIN_TOKEN, 10), (BASIC_TOKEN, 1)])
async def test_the_plan_limits_all_details_together(token: str, allowed: int) -> None:
    account = bench("picsee")
    kinds = ["platform", "referrers", "regions", "dailyClicks"] * 3
    statuses = [(await call(account, f"{DETAILS}/{kind}", token=token))[0] for kind in kinds]
    assert statuses == [200] * allowed + [429] * (12 - allowed)


async def test_the_list_defaults_to_twenty_unstarred_links_made_by_the_api() -> None:
    account = bench("picsee", rate_limits=False)
    _, plain = await call(account, LIST, {})
    _, spelled = await call(account, f"{LIST}?limit=20&isAPI=true&isStar=false", {})
    assert isinstance(plain["data"], list)
    assert len(plain["data"]) == 20
    assert plain["data"] == spelled["data"]


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        (f"/v1/links/{LINK}/overview", "url,picseeUrl,createTime,externalId,totalClicks,uniqueClicks"),
        (f"{DETAILS}/dailyClicks", "date,totalClicks,uniqueClicks"),
        (f"{DETAILS}/regions", "name,code,count"),
        (f"{DETAILS}/audienceLabels", "type,label,count"),
    ],
)
async def test_analytics_come_as_csv_too(path: str, columns: str) -> None:
    headers = {"authorization": f"Bearer {MAIN_TOKEN}"}
    response = await bench("picsee").http.get(f"http://emulator{path}?format=csv", headers=headers)
    assert response.headers["content-type"].startswith("text/csv")
    assert response.text.splitlines()[0] == columns
    assert len(response.text.splitlines()) > 1


@pytest.mark.parametrize(
    ("token", "path", "body", "code"),
    [
        (MAIN_TOKEN, f"{LIST}?limit=51", {}, "PUB00002"),
        (MAIN_TOKEN, f"{LIST}?isAPI=yes", {}, "PUB00002"),
        (MAIN_TOKEN, f"{LIST}?startTime=2026-11-20", {}, "PUB00002"),
        (BASIC_TOKEN, LIST, {"keyword": "podcast"}, "PUB00201"),
        (MAIN_TOKEN, LIST, {"tag": "ab"}, "PUB00002"),
        (MAIN_TOKEN, f"/v1/links/{LINK}/overview?format=xml", None, "PUB00002"),
        (MAIN_TOKEN, f"{DETAILS}/platform?startTime=2025-11-20T00:00:00", None, "PUB00002"),
        (BASIC_TOKEN, f"{DETAILS}/platform?startTime=2026-10-20T00:00:00", None, "PUB00002"),
        (
            MAIN_TOKEN,
            f"{DETAILS}/platform?startTime=2026-11-20T00:00:00&endTime=2026-11-19T00:00:00",
            None,
            "PUB00002",
        ),
        (MAIN_TOKEN, f"{DETAILS}/platform?endTime=2026-11-20T18:30:01", None, "PUB00002"),
        (BASIC_TOKEN, f"{DETAILS}/audienceLabels", None, "PUB00201"),
        (
            MAIN_TOKEN,
            "/v4/my/api/usage?startTime=2026-10-01T00:00:00&endTime=2026-11-01T00:00:01",
            None,
            "PUB00002",
        ),
        (MAIN_TOKEN, "/v1/links/nothing/overview", None, "PUB00301"),
        (MAIN_TOKEN, "/v4/links/nothing/details/cities", None, "PUB00006"),
        # Slugs have letters, digits, dashes and Chinese.
        *((MAIN_TOKEN, CREATE, {**NEW, "encodeId": slug}, None) for slug in ("A_b-9", "春季特賣", "x" * 90)),
    ],
)
async def test_a_read_is_refused_by_its_parameters_and_plan(
    token: str, path: str, body: object, code: str | None
) -> None:
    assert await code_of(bench("picsee"), path, body, token=token) == code


async def test_a_body_that_is_no_json_is_refused() -> None:
    headers = {"authorization": f"Bearer {MAIN_TOKEN}"}
    response = await bench("picsee").http.post(f"http://emulator{LIST}", headers=headers, content=b"{")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "PUB01001"),
        ({"url": "https://[::1"}, "PUB01001"),
        ({"url": "https://example.com/" + "x" * 2048}, "PUB01001"),
        ([], "PUB00002"),
        *(
            ({**NEW, key: value}, code)
            for key, value, code in (
                ("encodeId", "a/b/c", "PUB00002"),
                ("domain", 7, "PUB00002"),
                ("externalId", "x" * 101, "PUB00002"),
                ("description", "x" * 301, "PUB00002"),
                ("imageUrl", "a.png", "PUB00512"),
                ("tags", ["a", "b", "c", "d"], "PUB00513"),
                ("targets", [{"target": "fridge", "url": "https://example.com/"}], "PUB00002"),
                ("fbPixel", None, "PUB00002"),
                ("gTag", "GTM-OTHER", "PUB00002"),
                ("utm", {"source": 7}, "PUB00002"),
            )
        ),
    ],
)
async def test_a_create_with_a_wrong_field_makes_no_link(body: object, code: str) -> None:
    account = bench("picsee")
    assert await code_of(account, CREATE, body) == code
    assert (await call(account, "/v1/links/mine/overview"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("PUT", EDIT, {}, None),
        ("PUT", EDIT, {"url": "https://example.org/b"}, "PUB00510"),
        ("PUT", EDIT, {"fbPixel": None, "gTag": None, "utm": None, "expireTime": None}, None),
        ("PUT", EDIT, {"title": None}, "PUB00002"),
        ("PUT", EDIT, {"expireTime": "2026-11-20T18:30:00"}, "PUB00509"),
        ("POST", TRASH, {}, "PUB00002"),
        ("POST", ABUSE, {}, "PUB01001"),
        ("POST", ABUSE, {"url": "https://go.example.com/other"}, "PUB01001"),
        ("POST", ABUSE, {"url": SHORT, "date": "20.11.2026"}, "PUB00002"),
        ("POST", ABUSE, {"url": SHORT, "attack_type": ["phishing"]}, "PUB00002"),
        ("POST", ABUSE, {"url": SHORT, "date": "2026-11-20"}, None),
    ],
)
async def test_a_change_or_a_report_is_checked_as_a_whole(
    method: str, path: str, body: object, code: str | None
) -> None:
    account = bench("picsee")
    await call(account, CREATE, NEW)
    assert await code_of(account, path, body, method=method) == code


async def test_a_strangers_link_keeps_its_slug_and_cannot_be_changed() -> None:
    account = bench("picsee")
    assert await code_of(account, CREATE, NEW, token=FREE_TOKEN) is None
    assert await code_of(account, CREATE, NEW) == "PUB00503"
    assert await code_of(account, EDIT, {"title": "Theirs"}, method="PUT") == "PUB00301"
    assert await code_of(account, TRASH, {"value": "delete"}) == "PUB00701"
    assert await code_of(account, TRASH, {"value": "recover"}) == "PUB00701"
