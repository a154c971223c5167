"""The emulated tiny.cc, asked as its document says."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY, SANDBOX_USERNAME, create_emulator, emulate, seeded
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl, TinyAccount
from linkweave.providers.tinycc.emulator.tag_expressions import compile_expression

DEFAULT = "go.shopdemo.example"
OTHER = "m.shopdemo.example"


@dataclass
class Asked:
    """The emulator and its state."""

    state: TinyAccount
    http: httpx2.AsyncClient

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        response = await self.http.get(path, params=query)
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()
        assert answer["error"] == {"code": 0, "message": ""}
        return answer

    async def refusal(self, path: str, **query: str) -> tuple[int, int]:
        response = await self.http.get(path, params=query)
        return response.status_code, response.json()["error"]["code"]


def asked(*, rate_limits: bool = True) -> Asked:
    state = seeded(EmulatorOptions(ManualClock(), rate_limits))
    return Asked(state, client(emulate(state), (SANDBOX_USERNAME, SANDBOX_API_KEY)))


def client(app: Any, auth: tuple[str, str] | None = None) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator", auth=auth)


async def test_the_account_is_the_same_on_every_run() -> None:
    first, second = await asked().get("/urls"), await asked().get("/urls")
    assert first == second
    assert first["page"] == {"results_count": 53, "total_count": 53, "offset": 0}


def test_the_account_has_some_of_everything() -> None:
    urls = asked().state.urls
    assert len(urls) == 80
    for trait in ("archived", "protected", "note", "expiration_date", "max_clicks", "last_visit", "email_stats"):
        assert {bool(getattr(url, trait)) for url in urls} == {True, False}
    assert all(len(url.note) <= 25 for url in urls)
    assert all((url.last_visit is None) == (url.total_clicks == 0) for url in urls)


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
async def test_calls_without_good_credentials_are_refused(header: str | None, code: int) -> None:
    headers = {} if header is None else {"authorization": header}
    app = create_emulator(EmulatorOptions(ManualClock()))
    response = await client(app).get("/account", headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


async def test_every_call_is_counted_and_the_limit_is_kept_only_where_limits_are() -> None:
    strict, lax = asked(), asked(rate_limits=False)
    for each in (strict, lax):
        each.state.call_limit = 2
        await each.get("/tags")
        counters = (await each.get("/account"))["account"]["counters"]
        assert counters["today_api_calls"] == {"count": 2, "limit": 2}
    assert await strict.refusal("/tags") == (429, 1303)
    assert await lax.get("/tags")


async def test_unknown_resources_and_methods_have_codes_of_their_own() -> None:
    each = asked()
    assert await each.refusal("/nothing") == (404, 1301)
    assert await each.refusal("/urls/") == (404, 1306)
    response = await each.http.put("/account")
    assert (response.status_code, response.json()["error"]["code"]) == (405, 1302)


async def test_an_inactive_account_is_denied() -> None:
    each = asked()
    each.state.active = False
    assert await each.refusal("/account") == (403, 1217)


async def test_calls_work_on_the_default_domain_unless_they_name_another() -> None:
    each = asked()
    (default,) = (await each.get("/urls/card"))["urls"]
    (other,) = (await each.get("/urls/card", domain=OTHER.upper()))["urls"]
    assert (default["short_url"], other["short_url"]) == (f"{DEFAULT}/card", f"{OTHER}/card")
    assert await each.refusal("/urls", domain="elsewhere.example") == (404, 1313)
    assert await each.refusal("/urls/nope") == (404, 1306)
    assert await each.refusal("/stats/nope") == (404, 1306)


async def test_the_domain_is_ignored_where_tags_choose() -> None:
    each = asked()
    answer = await each.get("/urls", tags="print", domain="elsewhere.example")
    assert {url["short_url"].split("/")[0] for url in answer["urls"]} == {DEFAULT, OTHER}


async def test_a_group_of_hashes_gives_those_that_exist_and_has_a_limit() -> None:
    each = asked()
    answer = await each.get("/urls", hashes="card,nope")
    assert [url["hash"] for url in answer["urls"]] == ["card"]
    assert await each.refusal("/urls", hashes=",".join(["x"] * 1001)) == (400, 1221)


async def test_lists_are_paged_searched_and_ordered() -> None:
    each = asked()
    whole = (await each.get("/urls"))["urls"]
    part = await each.get("/urls", offset="10", limit="20")
    assert part["urls"] == whole[10:30]
    assert part["page"] == {"results_count": 20, "total_count": len(whole), "offset": 10}
    found = await each.get("/urls", search="BUSINESS-cards", limit="1")
    assert (found["urls"][0]["hash"], found["page"]["total_count"]) == ("card", 1)
    assert await each.refusal("/urls", offset="-1") == (400, 1307)


@pytest.mark.parametrize(
    ("order", "descending"),
    [("hash", False), ("clicks", True), ("modified", True), ("created", True)],
)
async def test_an_order_can_be_asked_for(order: str, descending: bool) -> None:
    each = asked()
    listed = [each.state.url(DEFAULT, url["hash"]) for url in (await each.get("/urls", order_by=order))["urls"]]
    field = {"clicks": "total_clicks"}.get(order, order)
    assert listed == sorted(listed, key=lambda url: getattr(url, field), reverse=descending)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("print", "abd"),
        ("PRINT", "abd"),
        ("+print", "abd"),
        ("~print", "c"),
        ("-print", "c"),
        ("~~print", "abd"),
        ("print&sale", "b"),
        ("print,sale", "b"),
        ("print;sale", "b"),
        ("print|sale", "abcd"),
        ("print^sale", "acd"),
        ("sale|print&black-friday", "bcd"),
        ("(sale|print)&black-friday", "d"),
        ("sale|print^black-friday", "abc"),
        ("print & ~ sale", "ad"),
        ("point of sale", "a"),
        ("archived", "a"),
        ("visited", ""),
        ("ping", "b"),
        ("email_stats", "c"),
        ("smart", ""),
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
        ("print)", 1305),
        ("print&", 1305),
        ("&print", 1305),
        ("|", 1305),
        (">soon", 1305),
        (">", 1305),
        ("print(print)", 1305),
    ],
)
async def test_what_is_no_expression_is_refused(expression: str, code: int) -> None:
    with pytest.raises(ApiRefusedError) as caught:
        compile_expression(expression, ["print"], [])
    assert caught.value.code == code
    assert (await asked().refusal("/urls", tags=expression))[1] == code


async def test_statistics_have_days_only_on_servers_that_tell_them() -> None:
    each = asked()
    assert (await each.get("/stats/card"))["stats"] == [{"hash": "card", "total_clicks": 12, "unique_clicks": 9}]
    each.state.sends_days = True
    (stats,) = (await each.get("/stats/card"))["stats"]
    assert stats["daily_clicks"] == {"2026-11-20": {"total": 12, "unique": 9}}


async def test_domains_webhooks_and_times_look_as_in_the_document() -> None:
    each = asked()
    domains = (await each.get("/domains"))["domains"]
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
    hooks = await each.get("/webhooks", limit="1")
    assert (hooks["webhooks"][0]["type"], hooks["page"]["total_count"], hooks["version"]) == ("tag", 2, "3.1")
    (card,) = (await each.get("/urls/card"))["urls"]
    assert card["last_visit"] == "2026-11-20 10:30:00"
