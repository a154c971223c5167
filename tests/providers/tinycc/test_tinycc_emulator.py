"""The emulated tiny.cc as any client meets it: credentials, limits, refusals, and what the adapter never sends."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from harness.emulators import ManualClock
from harness.tinycc_vendor import DEFAULT, OTHER
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY, SANDBOX_USERNAME, create_emulator, emulate, seeded
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl, TinyAccount
from linkweave.providers.tinycc.emulator.tag_expressions import compile_expression

DONE = {"error": {"code": 0, "message": ""}, "version": "3.1"}


@dataclass
class Tiny:
    """The emulator, its state and a client of it."""

    state: TinyAccount
    http: httpx2.AsyncClient

    async def send(self, method: str, path: str, payload: Any = None, **headers: str) -> dict[str, Any]:
        response = await self.http.request(method, path, json=payload, headers=headers)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        assert answer["error"] == DONE["error"]
        return answer

    async def refusal(
        self, method: str, path: str, payload: Any = None, content: bytes | None = None
    ) -> tuple[int, int]:
        response = await self.http.request(method, path, json=payload, content=content)
        return response.status_code, response.json()["error"]["code"]

    async def item_error(self, path: str, item: Any, key: str = "urls") -> int:
        code: int = (await self.send("POST", path, {key: [item]}))[key][0]["error"]["code"]
        return code


def tiny(*, rate_limits: bool = True) -> Tiny:
    state = seeded(EmulatorOptions(ManualClock(), rate_limits))
    return Tiny(state, client(emulate(state), (SANDBOX_USERNAME, SANDBOX_API_KEY)))


def client(app: Any, auth: tuple[str, str] | None = None) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator", auth=auth)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, 1300),
        ("Bearer x", 1300),
        ("Basic ???", 1300),
        ("Basic bm9ib2R5Ong=", 1102),
        ("basic c2FuZGJveC1wcmludDp4", 1300),
    ],
)
async def test_a_call_without_valid_credentials_is_refused(header: str | None, code: int) -> None:
    headers = {} if header is None else {"authorization": header}
    app = create_emulator(EmulatorOptions(ManualClock()))
    response = await client(app).get("/account", headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


async def test_every_call_is_counted_and_the_limit_holds_where_rate_limits_are_on() -> None:
    strict, lax = tiny(), tiny(rate_limits=False)
    for each in (strict, lax):
        each.state.call_limit = 2
        await each.send("GET", "/tags")
        counters = (await each.send("GET", "/account"))["account"]["counters"]
        assert counters["today_api_calls"] == {"count": 2, "limit": 2}
    assert await strict.refusal("GET", "/tags") == (429, 1303)
    assert await lax.send("GET", "/tags")


async def test_unknown_resources_and_methods_have_codes_of_their_own() -> None:
    each = tiny()
    assert await each.refusal("GET", "/nothing") == (404, 1301)
    assert await each.refusal("GET", "/urls/") == (404, 1306)
    response = await each.http.put("/account")
    assert (response.status_code, response.json()["error"]["code"]) == (405, 1302)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("print", "abd"),
        ("~print", "c"),
        ("print&sale", "b"),
        ("print|sale", "abcd"),
        ("print^sale", "acd"),
        ("(sale|print)&black-friday", "d"),
        ("point of sale", "a"),
        ("archived", "a"),
        ("ping", "b"),
        ("m.shopdemo.example", "d"),
        (">2026-01-02", "cd"),
        ("<2026-01-02", "a"),
    ],
)
def test_an_expression_chooses_by_tags_automatic_tags_and_days(expression: str, expected: str) -> None:
    clock = ManualClock()

    def url(name: str, day: int, *tags: str, **flags: Any) -> ShortUrl:
        at = clock.now().replace(month=1, day=day)
        return ShortUrl(flags.pop("domain", DEFAULT), name, "https://e.com", at, at, tags=list(tags), **flags)

    urls = [
        url("a", 1, "print", "point of sale", archived=True),
        url("b", 2, "print", "sale", ping=True),
        url("c", 3, "sale", email_stats=True),
        url("d", 4, "Print", "black-friday", domain=OTHER),
    ]
    tags = ["print", "sale", "black-friday", "point of sale"]
    test = compile_expression(expression, tags, [DEFAULT, OTHER])
    assert "".join(each.hash for each in urls if test(each)) == expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("nope", 1309),
        ("(print", 1305),
        (">soon", 1305),
    ],
)
async def test_what_is_no_expression_is_refused(expression: str, code: int) -> None:
    with pytest.raises(ApiRefusedError) as caught:
        compile_expression(expression, ["print"], [])
    assert caught.value.code == code
    assert (await tiny().refusal("GET", f"/urls?{urlencode({'tags': expression})}"))[1] == code


async def test_domains_webhooks_and_times_look_as_in_the_document() -> None:
    each = tiny()
    domains = (await each.send("GET", "/domains"))["domains"]
    assert domains[1] == {
        "domain": OTHER,
        "hash_character_set": "restricted",
        "hash_generation": "random",
        "status": "active",
        "custom_root_page": "",
        "custom_404_page": "",
        "redirect_code": "303",
        "use_https": False,
    }
    hooks = await each.send("GET", "/webhooks?limit=1")
    assert (hooks["webhooks"][0]["type"], hooks["page"]["total_count"], hooks["version"]) == ("tag", 2, "3.1")
    (card,) = (await each.send("GET", "/urls/card"))["urls"]
    assert card["last_visit"] == "2026-11-20 10:30:00"


async def test_a_new_url_is_answered_as_in_the_document() -> None:
    each = tiny()
    item = {
        "custom_hash": "mytiny",
        "long_url": "http://example.com",
        "note": "lots of notes...",
        "email_stats": False,
        "expiration_date": "2016-01-02",
        "tags": ["group1"],
    }
    (url,) = (await each.send("POST", "/urls", {"urls": [item]}))["urls"]
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


async def test_a_refused_url_echoes_the_request() -> None:
    item = {"long_url": "http://google.com", "custom_hash": "card"}
    (url,) = (await tiny().send("POST", "/urls", {"urls": [item]}))["urls"]
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
        ({"custom_hash": "x" * 26}, 1218),
        ({"email_stats": "yes"}, 1305),
        ({"expiration_date": "tomorrow"}, 1312),
        ({"max_clicks": -1}, 1305),
        ({"tags": "print"}, 1311),
    ],
)
async def test_a_wrong_field_is_the_error_of_its_url(item: dict[str, object], code: int) -> None:
    each = tiny()
    before = len(each.state.urls)
    whole = {"long_url": "http://e.com", **item} if item else item
    assert await each.item_error("/urls", whole) == code
    assert len(each.state.urls) == before


@pytest.mark.parametrize(
    ("method", "path", "payload", "code"),
    [
        ("POST", "/urls", {"urls": [{"long_url": "http://e.com"}] * 1001}, 1221),
        ("DELETE", "/urls?hashes=" + ",".join(["x"] * 1001), None, 1221),
        ("POST", "/webhooks", {"webhooks": [{}] * 1001}, 1221),
        ("GET", "/urls?offset=-1", None, 1307),
        ("POST", "/urls", {}, 1305),
        ("POST", "/urls", {"urls": ["http://e.com"]}, 1305),
        ("POST", "/urls?domain=nowhere.example", {"urls": []}, 1313),
        ("PATCH", "/urls/card", {"urls": []}, 1307),
        ("PATCH", "/urls/nope", {"urls": [{}]}, 1306),
        ("DELETE", "/urls", None, 1305),
        ("DELETE", "/urls/nope", None, 1306),
        ("POST", "/tags", {"label": " "}, 1311),
        ("PATCH", "/tags/print", {"label": "packaging"}, 1311),
        ("PATCH", "/tags/nope", {"label": "new"}, 1309),
        ("DELETE", "/webhooks/99", None, 1301),
        ("DELETE", "/account", None, 1302),
    ],
)
async def test_an_impossible_request_is_refused_and_changes_nothing(
    method: str, path: str, payload: Any, code: int
) -> None:
    each = tiny()
    before = repr(each.state.urls), repr(each.state.webhooks), list(each.state.tags)
    assert (await each.refusal(method, path, payload))[1] == code
    assert (repr(each.state.urls), repr(each.state.webhooks), each.state.tags) == before


async def test_a_payload_that_is_no_json_or_too_big_is_refused() -> None:
    each = tiny()
    assert await each.refusal("POST", "/urls", content=b"long_url=http://e.com") == (400, 1305)
    each.state.post_limit = 10
    assert await each.refusal("POST", "/urls", {"urls": []}) == (413, 1310)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"event": "click", "type": "tag", "tag": "print"}, 1314),
        ({"event": "click", "type": "galaxy", "url": "http://e.com"}, 1314),
        ({"event": "click", "type": "tag", "url": "http://e.com"}, 1309),
        ({"event": "click", "type": "url", "url_domain": OTHER, "url": "http://e.com"}, 1306),
        ({"event": "click", "type": "tag", "tag": "print", "url": "http://e.com", "headers": ["lonely"]}, 1314),
    ],
)
async def test_a_wrong_field_is_the_error_of_its_webhook(item: dict[str, object], code: int) -> None:
    each = tiny()
    assert await each.item_error("/webhooks", item, "webhooks") == code
    assert len(each.state.webhooks) == 2
