"""The emulated tiny.cc, told what to change as its document says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY, SANDBOX_USERNAME, emulate, seeded
from linkweave.providers.tinycc.emulator.state import TinyAccount

DEFAULT = "go.shopdemo.example"
OTHER = "m.shopdemo.example"
DONE = {"error": {"code": 0, "message": ""}, "version": "3.1"}


@dataclass
class Asked:
    """The emulator and its state."""

    state: TinyAccount
    http: httpx2.AsyncClient

    async def __call__(self, method: str, path: str, payload: Any = None, **headers: str) -> dict[str, Any]:
        response = await self.http.request(method, path, json=payload, headers=headers)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def refusal(
        self, method: str, path: str, payload: Any = None, content: bytes | None = None
    ) -> tuple[int, int]:
        response = await self.http.request(method, path, json=payload, content=content)
        return response.status_code, response.json()["error"]["code"]

    async def item_error(self, method: str, path: str, item: Any, key: str = "urls") -> int:
        answer = await self(method, path, {key: [item]})
        assert answer["error"] == DONE["error"]
        code: int = answer[key][0]["error"]["code"]
        return code


def asked() -> Asked:
    state = seeded(EmulatorOptions(ManualClock()))
    transport = httpx2.ASGITransport(app=emulate(state))
    auth = (SANDBOX_USERNAME, SANDBOX_API_KEY)
    return Asked(state, httpx2.AsyncClient(transport=transport, base_url="http://emulator", auth=auth))


def abc(each: Asked) -> None:
    """The three links of the document's examples."""
    template = each.state.urls[0]
    for slug in "abc":
        url = type(template)(DEFAULT, slug, "https://e.com", template.created, template.modified, tags=["print"])
        url.daily = {date(2026, 11, 20): (2, 1)}
        each.state.urls.append(url)


async def test_a_new_url_is_answered_as_in_the_document() -> None:
    each = asked()
    item = {
        "custom_hash": "mytiny",
        "long_url": "http://example.com",
        "note": "lots of notes...",
        "email_stats": False,
        "expiration_date": "2016-01-02",
        "tags": ["group1"],
    }
    (url,) = (await each("POST", "/urls", {"urls": [item]}))["urls"]
    assert url.pop("links").keys() == {"qr_small", "qr_big"}
    assert url == {
        "hash": "mytiny",
        "long_url": "http://example.com",
        "short_url": f"{DEFAULT}/mytiny",
        "short_url_with_protocol": f"https://{DEFAULT}/mytiny",
        "total_clicks": 0,
        "unique_clicks": 0,
        "note": "lots of notes...",
        "email_stats": False,
        "expiration_date": "2016-01-02",
        "max_clicks": 0,
        "tags": ["group1"],
        "error": {"code": 0, "message": "", "details": ""},
    }
    assert "group1" in each.state.tags


async def test_a_refused_url_echoes_what_was_asked() -> None:
    item = {"long_url": "http://google.com", "custom_hash": "card"}
    (url,) = (await asked()("POST", "/urls", {"urls": [item]}))["urls"]
    assert url == {
        **item,
        "error": {
            "code": 1215,
            "message": "Short URL is not correct or existed.",
            "details": "That Custom hash is already in use",
        },
    }


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({}, 1305),
        ({"long_url": "example.com"}, 1206),
        ({"long_url": "http://e.com/" + "x" * 2048}, 1206),
        ({"long_url": f"http://{OTHER}/x"}, 1216),
        ({"long_url": 5}, 1305),
        ({"custom_hash": "x" * 26}, 1218),
        ({"custom_hash": 5}, 1218),
        ({"note": 5}, 1305),
        ({"email_stats": "yes"}, 1305),
        ({"expiration_date": "tomorrow"}, 1312),
        ({"max_clicks": -1}, 1305),
        ({"max_clicks": True}, 1305),
        ({"tags": "print"}, 1311),
        ({"tags": [""]}, 1311),
    ],
)
async def test_what_is_wrong_with_a_url_is_an_error_of_its_own(item: dict[str, object], code: int) -> None:
    each = asked()
    before = len(each.state.urls)
    whole = {"long_url": "http://e.com", **item} if item else item
    assert await each.item_error("POST", "/urls", whole) == code
    assert len(each.state.urls) == before


async def test_hashes_are_given_that_the_domain_has_not() -> None:
    each = asked()
    template = each.state.urls[0]
    each.state.urls.append(type(template)(DEFAULT, "1", "https://e.com", template.created, template.modified))
    new = {"urls": [{"long_url": "http://e.com"}] * 2}
    assert [url["hash"] for url in (await each("POST", "/urls", new))["urls"]] == ["2", "3"]
    random = [url["hash"] for url in (await each("POST", f"/urls?domain={OTHER}", new))["urls"]]
    assert {len(slug) for slug in random} == {6}


async def test_the_newest_url_is_listed_first() -> None:
    each = asked()
    await each("POST", "/urls", {"urls": [{"long_url": f"http://e.com/{n}"} for n in range(3)]})
    listed = (await each("GET", "/urls?limit=3"))["urls"]
    assert [url["long_url"] for url in listed] == ["http://e.com/2", "http://e.com/1", "http://e.com/0"]


@pytest.mark.parametrize("scope", ["account", "domain"])
async def test_with_duplicates_disabled_an_existing_url_is_returned(scope: str) -> None:
    each = asked()
    path = f"/urls?disable_long_url_duplicates={scope}"
    (url,) = (await each("POST", path, {"urls": [{"long_url": "https://www.example.com/business-cards"}]}))["urls"]
    assert (url["hash"], url["total_clicks"]) == ("card", 12)
    (url,) = (await each("POST", path, {"urls": [{"long_url": "https://www.example.com/loyalty/card"}]}))["urls"]
    assert (url["short_url"] == f"{OTHER}/card") is (scope == "account")


async def test_a_custom_hash_with_duplicates_disabled_has_three_outcomes() -> None:
    each = asked()
    path, long_url = "/urls?disable_long_url_duplicates=account", "https://www.example.com/business-cards"
    before = len(each.state.urls)
    await each("POST", path, {"urls": [{"long_url": long_url, "custom_hash": "card"}]})
    assert len(each.state.urls) == before
    await each("POST", path, {"urls": [{"long_url": long_url, "custom_hash": "fresh"}]})
    assert len(each.state.urls) == before + 1
    assert await each.item_error("POST", path, {"long_url": "http://e.com", "custom_hash": "card"}) == 1215


@pytest.mark.parametrize(
    ("method", "path", "payload", "code"),
    [
        ("POST", "/urls", {"urls": [{"long_url": "http://e.com"}] * 1001}, 1221),
        ("PATCH", "/urls", {"urls": [{"hash": "card"}] * 1001}, 1221),
        ("PATCH", "/urls?hashes=" + ",".join(["x"] * 1001), {"urls": [{"note": "n"}]}, 1221),
        ("DELETE", "/urls?hashes=" + ",".join(["x"] * 1001), None, 1221),
        ("DELETE", "/stats?hashes=" + ",".join(["x"] * 1001), None, 1221),
        ("POST", "/webhooks", {"webhooks": [{}] * 1001}, 1221),
        ("DELETE", "/webhooks?ids=" + ",".join(["1"] * 1001), None, 1221),
        ("POST", "/urls", {}, 1305),
        ("POST", "/urls", {"urls": {}}, 1305),
        ("POST", "/urls", {"urls": ["http://e.com"]}, 1305),
        ("POST", "/urls", [], 1305),
        ("POST", "/urls?domain=nowhere.example", {"urls": []}, 1313),
        ("PATCH", "/urls/card", {"urls": []}, 1307),
        ("PATCH", "/urls/nope", {"urls": [{}]}, 1306),
        ("DELETE", "/urls", None, 1305),
        ("DELETE", "/urls/nope", None, 1306),
        ("DELETE", "/stats", None, 1305),
        ("DELETE", "/stats/nope", None, 1306),
        ("DELETE", "/urls?tags=nope", None, 1309),
        ("POST", "/tags", {}, 1311),
        ("POST", "/tags", {"label": " "}, 1311),
        ("PATCH", "/tags/print", {"label": "packaging"}, 1311),
        ("PATCH", "/tags/nope", {"label": "new"}, 1309),
        ("DELETE", "/tags/nope", None, 1309),
        ("DELETE", "/webhooks", None, 1305),
        ("DELETE", "/webhooks/99", None, 1301),
        ("PATCH", "/webhooks/99", {"webhooks": [{}]}, 1301),
        ("DELETE", "/account", None, 1302),
        ("POST", "/domains", {}, 1302),
        ("GET", "/tags/print", None, 1302),
    ],
)
async def test_calls_that_cannot_be_carried_out_are_refused(method: str, path: str, payload: Any, code: int) -> None:
    each = asked()
    before = repr(each.state.urls), repr(each.state.webhooks), list(each.state.tags)
    assert (await each.refusal(method, path, payload))[1] == code
    assert (repr(each.state.urls), repr(each.state.webhooks), each.state.tags) == before


async def test_a_payload_that_is_no_json_or_too_big_is_refused() -> None:
    each = asked()
    assert await each.refusal("POST", "/urls", content=b"long_url=http://e.com") == (400, 1305)
    each.state.post_limit = 10
    assert await each.refusal("POST", "/urls", {"urls": []}) == (413, 1310)


async def test_a_thousand_items_are_taken() -> None:
    each = asked()
    answer = await each("POST", "/urls", {"urls": [{"long_url": "http://e.com"}] * 1000})
    assert {url["error"]["code"] for url in answer["urls"]} == {0}


async def test_counters_count_what_is_made() -> None:
    each = asked()
    counters = (await each("GET", "/account"))["account"]["counters"]
    await each("POST", "/urls", {"urls": [{"long_url": "http://e.com"}]})
    after = (await each("GET", "/account"))["account"]["counters"]
    assert after["urls"]["count"] == counters["urls"]["count"] + 1
    assert after["month_urls"]["count"] == counters["month_urls"]["count"] + 1
    assert after["today_api_calls"]["count"] == counters["today_api_calls"]["count"] + 2


async def test_one_url_is_edited_and_its_tags_are_put_on_and_taken_off() -> None:
    each = asked()
    item = {
        "custom_hash": "new_hash",
        "long_url": "http://example.com",
        "note": "new note",
        "email_stats": False,
        "expiration_date": "2016-01-02",
        "tags": ["+new_tag", "+New_Tag", "-PRINT", "-unknown"],
    }
    (url,) = (await each("PATCH", "/urls/card", {"urls": [item]}))["urls"]
    assert (url["hash"], url["tags"], url["note"]) == ("new_hash", ["new_tag"], "new note")
    edited = each.state.url(DEFAULT, "new_hash")
    assert (edited.expiration_date, edited.modified) == (date(2016, 1, 2), each.state.clock.now())


async def test_one_set_of_properties_is_set_for_many_urls() -> None:
    each = asked()
    abc(each)
    answer = await each("PATCH", "/urls?hashes=a%2Cb%2Cc%2Cnope", {"urls": [{"note": "collective note"}]})
    assert {url["hash"]: url["note"] for url in answer["urls"]} == dict.fromkeys("abc", "collective note")
    assert "page" not in answer


async def test_many_urls_are_edited_arbitrarily_each_with_a_result() -> None:
    each = asked()
    abc(each)
    items = [
        {"hash": "a", "note": "polite note"},
        {"hash": "nope", "note": "creative note"},
        {"note": "boring note"},
        {"hash": "c", "tags": ["boring"]},
        {"hash": "c", "tags": ["+"]},
        {"hash": "c", "custom_hash": "a"},
        {"hash": "c", "custom_hash": "c", "note": "mine"},
    ]
    answer = await each("PATCH", "/urls", {"urls": items})
    assert [url["error"]["code"] for url in answer["urls"]] == [0, 1306, 1306, 1311, 1311, 1215, 0]
    assert each.state.url(DEFAULT, "c").note == "mine"


async def test_urls_are_edited_by_tags_without_being_returned() -> None:
    each = asked()
    payload = {"urls": [{"note": "n", "archived": True, "ping": True, "long_url": "http://ignored.example"}]}
    assert await each("PATCH", "/urls?tags=print&domain=nowhere.example", payload) == DONE
    edited = [url for url in each.state.urls if "print" in url.tags]
    assert {(url.note, url.archived, url.ping) for url in edited} == {("n", True, True)}
    assert {url.domain for url in edited} == {DEFAULT, OTHER}
    assert all(url.long_url != "http://ignored.example" for url in edited)


async def test_urls_and_their_stats_are_deleted_by_path_by_hashes_and_by_tags() -> None:
    each = asked()
    abc(each)
    assert await each("DELETE", "/stats/a") == DONE
    assert [each.state.url(DEFAULT, slug).total_clicks for slug in "abc"] == [0, 2, 2]
    assert await each("DELETE", "/stats?hashes=a%2Cb%2Cc") == DONE
    assert [each.state.url(DEFAULT, slug).total_clicks for slug in "abc"] == [0, 0, 0]
    assert await each("DELETE", "/stats?tags=print") == DONE
    assert {url.total_clicks for url in each.state.urls if "print" in url.tags} == {0}
    assert await each("DELETE", "/urls/a") == DONE
    assert await each("DELETE", "/urls?hashes=a%2Cb%2Cnope") == DONE
    assert [url.hash for url in each.state.urls if url.hash in {"a", "b", "c"}] == ["c"]
    assert await each("DELETE", "/urls?tags=print") == DONE
    assert {url.protected for url in each.state.urls if "print" in url.tags} == {True}


async def test_a_protected_url_is_never_deleted() -> None:
    each = asked()
    assert await each("DELETE", "/urls/card") == DONE
    assert each.state.url(DEFAULT, "card").protected


async def test_webhooks_are_altered_together() -> None:
    each = asked()
    url = "https://example.com/new-endpoint.php"
    answer = await each("PATCH", "/webhooks?ids=2%2C3%2C567", {"webhooks": [{"url": url}]})
    assert [(hook["id"], hook["url"]) for hook in answer["webhooks"]] == [("2", url), ("3", url)]
    assert await each("DELETE", "/webhooks?ids=2%2C3%2C567") == DONE
    assert each.state.webhooks == []


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"event": "click", "type": "tag", "tag": "print"}, 1314),
        ({"event": "open", "type": "tag", "tag": "print", "url": "http://e.com"}, 1314),
        ({"event": "click", "type": "galaxy", "url": "http://e.com"}, 1314),
        ({"event": "click", "type": [], "url": "http://e.com"}, 1314),
        ({"event": "click", "type": "tag", "url": "http://e.com"}, 1309),
        ({"event": "click", "type": "domain", "url": "http://e.com"}, 1313),
        ({"event": "click", "type": "url", "url_domain": OTHER, "url": "http://e.com"}, 1306),
        ({"event": "click", "type": "tag", "tag": "print", "url": "http://e.com", "headers": ["lonely"]}, 1314),
        ({"event": "click", "type": "tag", "tag": "print", "url": "http://e.com", "ignore_errors": 1}, 1314),
    ],
)
async def test_a_webhook_that_is_not_right_is_an_error_of_its_own(item: dict[str, object], code: int) -> None:
    each = asked()
    assert await each.item_error("POST", "/webhooks", item, "webhooks") == code
    assert len(each.state.webhooks) == 2


async def test_a_post_may_stand_for_another_method() -> None:
    each = asked()
    override = {"X-HTTP-Method-Override": "PATCH"}
    answer = await each("POST", "/urls/card", {"urls": [{"note": "n"}]}, **override)
    assert answer["urls"][0]["note"] == "n"
    assert await each("POST", "/tags/print", None, **{"X-HTTP-Method-Override": "delete"}) == DONE
