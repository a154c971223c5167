"""PicSee's emulator by itself: changes as its public clients describe them."""

import pytest

from harness.emulators import Bench, bench
from linkweave.providers.picsee.emulator import BASIC_TOKEN, FREE_TOKEN, MAIN_TOKEN

NEW = {"url": "https://www.example.com/a", "encodeId": "mine"}


async def ask(
    account: Bench, method: str, path: str, body: object, token: str = MAIN_TOKEN
) -> tuple[int, dict[str, object]]:
    headers = {"authorization": f"Bearer {token}"}
    response = await account.http.request(method, f"http://emulator{path}", headers=headers, json=body)
    answer = response.json()
    assert isinstance(answer, dict)
    return response.status_code, answer


async def code_of(account: Bench, method: str, path: str, body: object, token: str = MAIN_TOKEN) -> object:
    _, answer = await ask(account, method, path, body, token)
    error = answer.get("error")
    return error["code"] if isinstance(error, dict) else None


async def test_a_new_link_is_answered_by_its_short_url() -> None:
    status, answer = await ask(bench("picsee"), "POST", "/v1/links", NEW)
    assert (status, answer["data"]) == (200, {"picseeUrl": "https://go.example.com/mine"})


async def test_meta_leaks_what_was_posted_too() -> None:
    body = {**NEW, "externalId": "crm", "title": "Not leaked"}
    _, answer = await ask(bench("picsee"), "POST", f"/v1/links?access_token={MAIN_TOKEN}", body)
    leaked = {"access_token": MAIN_TOKEN, "url": NEW["url"], "externalId": "crm"}
    assert answer["meta"] == {"request": {"url": "/v1/links", "query": leaked}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "PUB01001"),
        ({"url": 7}, "PUB01001"),
        ({"url": "https://[::1"}, "PUB01001"),
        ({"url": "https:///path"}, "PUB01001"),
        ({"url": "https://example.com/" + "x" * 2048}, "PUB01001"),
        ({**NEW, "encodeId": "ab"}, "PUB00002"),
        ({**NEW, "encodeId": "a/b/c"}, "PUB00002"),
        ({**NEW, "encodeId": "x" * 91}, "PUB00002"),
        ({**NEW, "domain": 7}, "PUB00002"),
        ({**NEW, "externalId": ""}, "PUB00002"),
        ({**NEW, "externalId": "x" * 101}, "PUB00002"),
        ({**NEW, "title": "ab"}, "PUB00002"),
        ({**NEW, "description": "x" * 301}, "PUB00002"),
        ({**NEW, "imageUrl": "a.png"}, "PUB00512"),
        ({**NEW, "tags": ["a", "b", "c", "d"]}, "PUB00513"),
        ({**NEW, "tags": [7]}, "PUB00513"),
        ({**NEW, "targets": [{"target": "fridge", "url": "https://example.com/"}]}, "PUB00002"),
        ({**NEW, "targets": [{"target": "ios", "url": "example"}]}, "PUB00002"),
        ({**NEW, "targets": {}}, "PUB00002"),
        ({**NEW, "fbPixel": None}, "PUB00002"),
        ({**NEW, "gTag": "GTM-OTHER"}, "PUB00002"),
        ({**NEW, "utm": {"source": 7}}, "PUB00002"),
        ({**NEW, "utm": {"sauce": "x"}}, "PUB00002"),
        ([], "PUB00002"),
    ],
)
async def test_what_is_not_as_it_should_be_makes_no_link(body: object, code: str) -> None:
    account = bench("picsee")
    assert await code_of(account, "POST", "/v1/links", body) == code
    assert (await ask(account, "GET", "/v1/links/mine/overview", None))[0] == 404


@pytest.mark.parametrize("slug", ["abc", "A_b-9", "春季特賣", "x" * 90])
async def test_slugs_have_letters_digits_dashes_and_chinese(slug: str) -> None:
    assert await code_of(bench("picsee"), "POST", "/v1/links", {**NEW, "encodeId": slug}) is None


async def test_a_slug_that_picsee_would_choose_may_be_taken() -> None:
    account = bench("picsee")
    _, first = await ask(account, "POST", "/v1/links", {"url": NEW["url"]})
    assert isinstance(first["data"], dict)
    chosen = int(str(first["data"]["picseeUrl"]).rpartition("/")[2], 16)
    await ask(account, "POST", "/v1/links", {"url": NEW["url"], "encodeId": f"{chosen + 34:x}"})
    _, third = await ask(account, "POST", "/v1/links", {"url": NEW["url"]})
    assert third["data"] == {"picseeUrl": f"https://go.example.com/{chosen + 51:x}"}


@pytest.mark.parametrize("token", [MAIN_TOKEN, BASIC_TOKEN, FREE_TOKEN])
async def test_slugs_are_unique_on_the_whole_platform(token: str) -> None:
    account = bench("picsee")
    assert await code_of(account, "POST", "/v1/links", NEW, FREE_TOKEN) is None
    assert await code_of(account, "POST", "/v1/links", NEW, token) in {"PUB00503", "PUB00007"}


async def test_nobody_changes_a_strangers_links() -> None:
    account = bench("picsee")
    await ask(account, "POST", "/v1/links", NEW, FREE_TOKEN)
    assert await code_of(account, "PUT", "/v2/links/mine", {"title": "Theirs"}) == "PUB00301"
    assert await code_of(account, "POST", "/v2/links/mine/delete", {"value": "delete"}) == "PUB00701"
    assert await code_of(account, "POST", "/v2/links/mine/delete", {"value": "recover"}) == "PUB00701"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, None),
        ({"encodeId": "mine"}, None),
        ({"url": "https://other.example.com/b"}, None),
        ({"url": "https://example.org/b"}, "PUB00510"),
        ({"fbPixel": None, "gTag": None, "utm": None, "expireTime": None}, None),
        ({"title": None}, "PUB00002"),
        ({"url": None}, "PUB01001"),
        ({"expireTime": "2026-11-20T18:30:01"}, None),
        ({"expireTime": "2026-11-20T18:30:00"}, "PUB00509"),
        ({"expireTime": "2026-11-31T00:00:00"}, "PUB00509"),
        ({"expireTime": "2027-01-01"}, "PUB00509"),
        ({"expireTime": 7}, "PUB00509"),
    ],
)
async def test_an_edit_is_checked_as_a_whole(body: object, code: str | None) -> None:
    account = bench("picsee")
    await ask(account, "POST", "/v1/links", NEW)
    assert await code_of(account, "PUT", "/v2/links/mine", body) == code


@pytest.mark.parametrize(
    ("domain", "expected"), [("pse.is", "https://pse.is/mine"), ("elsewhere.example", "https://go.example.com/mine")]
)
async def test_an_edit_may_move_a_link_to_another_domain(domain: str, expected: str) -> None:
    account = bench("picsee")
    await ask(account, "POST", "/v1/links", {**NEW, "domain": "user739.pse.is"})
    await ask(account, "PUT", "/v2/links/mine", {"domain": domain})
    _, answer = await ask(account, "GET", "/v1/links/mine/overview", None)
    assert isinstance(answer["data"], dict)
    assert answer["data"]["picseeUrl"] == expected


@pytest.mark.parametrize("body", [{}, {"value": "destroy"}, {"value": None}])
async def test_the_trash_knows_two_words(body: object) -> None:
    account = bench("picsee")
    await ask(account, "POST", "/v1/links", NEW)
    assert await code_of(account, "POST", "/v2/links/mine/delete", body) == "PUB00002"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "PUB01001"),
        ({"url": "go.example.com/mine"}, "PUB01001"),
        ({"url": "https://go.example.com/other"}, "PUB01001"),
        ({"url": "https://go.example.com/mine", "date": "20.11.2026"}, "PUB00002"),
        ({"url": "https://go.example.com/mine", "date": 7}, "PUB00002"),
        ({"url": "https://go.example.com/mine", "screenshot_url": "x"}, "PUB00002"),
        ({"url": "https://go.example.com/mine", "attack_type": ["phishing"]}, "PUB00002"),
        ({"url": "https://go.example.com/mine", "date": "2026-11-20"}, None),
    ],
)
async def test_a_report_names_a_link_of_picsees(body: object, code: str | None) -> None:
    account = bench("picsee")
    await ask(account, "POST", "/v1/links", NEW)
    assert await code_of(account, "POST", "/v1/abuse", body) == code
