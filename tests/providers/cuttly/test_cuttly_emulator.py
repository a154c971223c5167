"""Cutt.ly's emulator, asked without the adapter: what the vendor's document promises to any client."""

import json

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.cuttly.emulator import DEMO_KEY, ENTERPRISE_KEY, SINGLE_KEY, create_emulator
from linkweave.providers.emulator_kit import EmulatorOptions

PATH = "/team/API/index.php"
GOOD = {"key": DEMO_KEY, "action": "stats", "url": "https://cutt.ly/spring-sale"}


def client(clock: ManualClock | None = None, *, rate_limits: bool = True) -> httpx2.AsyncClient:
    app = create_emulator(EmulatorOptions(clock or ManualClock(), rate_limits))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")


async def ask(**query: str) -> httpx2.Response:
    return await client().get(PATH, params=query)


@pytest.mark.parametrize("key", [None, "", "wrong"])
async def test_without_a_good_key_the_answer_is_auth_false(key: str | None) -> None:
    query = {name: value for name, value in {**GOOD, "key": key}.items() if value is not None}
    answer = await ask(**query)
    assert (answer.status_code, answer.json()) == (401, {"auth": False})


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"key": DEMO_KEY}, "Incorrect action"),
        ({"key": DEMO_KEY, "action": "list"}, "Incorrect action"),
        ({"key": DEMO_KEY, "action": "stats"}, "Url parameter is null"),
        ({"key": DEMO_KEY, "action": "stats", "url": ""}, "Url parameter is null"),
    ],
)
async def test_errors_that_the_document_lists_with_a_code_come_with_it(query: dict[str, str], text: str) -> None:
    answer = await ask(**query)
    assert (answer.status_code, answer.json()) == (400, {"code": 400, "error": text})


@pytest.mark.parametrize("value", ["", "20.11.2026", "2026-13-01", "2026-1-1", "20261120", "yesterday"])
@pytest.mark.parametrize("name", ["date_from", "date_to"])
async def test_dates_in_another_format_are_refused_in_a_bare_string(name: str, value: str) -> None:
    answer = await ask(**GOOD, **{name: value})
    assert (answer.status_code, answer.json()) == (200, "Incorrect date format")


async def test_dates_need_a_subscription_that_has_them() -> None:
    answer = await ask(**{**GOOD, "key": SINGLE_KEY, "date_to": "2026-11-20"})
    assert (answer.status_code, answer.json()) == (200, "Insufficient subscription level")


async def test_each_date_may_come_alone() -> None:
    whole, since, until = [
        int((await ask(**GOOD, **dates)).json()["stats"]["clicks"])
        for dates in ({}, {"date_from": "2026-11-01"}, {"date_to": "2026-10-31"})
    ]
    assert whole == since + until
    assert since
    assert until


async def test_an_unknown_link_has_status_0() -> None:
    answer = await ask(**{**GOOD, "url": "https://cutt.ly/nobody-has-this"})
    assert answer.json() == {"stats": {"status": 0}}


@pytest.mark.parametrize("url", ["http://cutt.ly/spring-sale", "CUTT.LY/spring-sale", "https://cutt.ly/spring-sale/"])
async def test_a_short_url_is_known_in_every_spelling(url: str) -> None:
    assert (await ask(**{**GOOD, "url": url})).json()["stats"]["shortLink"] == "https://cutt.ly/spring-sale"


async def test_the_key_is_in_the_query_of_a_post_too() -> None:
    async with client() as http:
        answer = await http.post(PATH, params=GOOD)
    assert answer.json()["stats"]["status"] == 1


async def test_slashes_are_escaped() -> None:
    assert '"shortLink": "https:\\/\\/cutt.ly\\/spring-sale"' in (await ask(**GOOD)).text


async def test_the_same_question_has_the_same_answer() -> None:
    first, second = await ask(**GOOD), await ask(**GOOD)
    assert first.text == second.text
    assert first.headers == second.headers


async def test_links_are_written_in_different_ways() -> None:
    own = await ask(**{**GOOD, "url": "https://go.brand-demo.example/spring"})
    shared = await ask(**GOOD)
    assert own.headers["content-type"] == "text/html; charset=UTF-8"
    assert shared.headers["content-type"] == "application/json"
    one, other = (json.loads(answer.text)["stats"] for answer in (own, shared))
    assert (type(one["clicks"]), type(other["clicks"])) == (int, str)
    assert (type(one["devices"]["geo"]), type(other["devices"]["geo"])) == (dict, list)
    assert (type(one["bots"]), type(other["bots"])) == (int, dict)
    assert (one["date"][2], other["date"][4]) == (".", "-")


@pytest.mark.parametrize(("key", "limit"), [(DEMO_KEY, 180), (ENTERPRISE_KEY, 360)])
async def test_calls_beyond_the_plans_limit_are_refused_for_a_minute(key: str, limit: int) -> None:
    clock = ManualClock()
    async with client(clock) as http:
        query = {**GOOD, "key": key}
        statuses = [(await http.get(PATH, params=query)).status_code for _ in range(limit + 1)]
        clock.advance(60)
        after = await http.get(PATH, params=query)
    assert statuses == [200] * limit + [429]
    assert after.status_code == 200


async def test_limits_can_be_turned_off() -> None:
    async with client(rate_limits=False) as http:
        statuses = {(await http.get(PATH, params=GOOD)).status_code for _ in range(200)}
    assert statuses == {200}
