"""Cutt.ly's emulator by itself: authentication, limits, and samples of the vendor's document."""

from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, DEMO_KEY, ENTERPRISE_KEY, SINGLE_KEY, create_emulator
from linkweave.providers.cuttly.emulator.links import ShortLink
from linkweave.providers.cuttly.emulator.team import Team
from linkweave.providers.emulator_kit import EmulatorOptions

SPRING = "https://cutt.ly/spring-sale"
TARGET = "https://www.example.com/new-page"


class Client:
    """Calls one emulator with one key."""

    def __init__(self, key: str | None = DEMO_KEY, *, rate_limits: bool = True) -> None:
        self.clock = ManualClock()
        self._key = {} if key is None else {"key": key}
        app = create_emulator(EmulatorOptions(self.clock, rate_limits))
        self.team: Team = app.state.team
        self._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")

    async def stats(self, method: str = "GET", **query: str) -> httpx2.Response:
        return await self.send({"action": "stats", "url": SPRING, **query}, method)

    async def shorten(self, **query: str) -> httpx2.Response:
        return await self.send({"action": "shorten", "url": TARGET, **query})

    async def edit(self, **query: str) -> httpx2.Response:
        return await self.send({"action": "edit", "url": SPRING, **query})

    async def send(
        self, query: dict[str, str], method: str = "GET", form: dict[str, Any] | None = None
    ) -> httpx2.Response:
        return await self._http.request(method, "/team/API/index.php", params={**self._key, **query}, **(form or {}))

    @property
    def link(self) -> ShortLink:
        return self.team.links["cutt.ly/spring-sale"]


@pytest.mark.parametrize("key", [None, "", "wrong"])
async def test_without_a_good_key_the_answer_is_auth_false(key: str | None) -> None:
    answer = await Client(key).stats()
    assert (answer.status_code, answer.json()) == (401, {"auth": False})


async def test_the_key_is_in_the_query_of_a_post_too() -> None:
    assert (await Client().stats("POST")).json()["stats"]["status"] == 1


@pytest.mark.parametrize(("key", "limit"), [(DEMO_KEY, 180), (ENTERPRISE_KEY, 360)])
async def test_calls_beyond_the_plans_limit_are_refused_for_a_minute(key: str, limit: int) -> None:
    client = Client(key)
    assert [(await client.stats()).status_code for _ in range(limit + 1)] == [200] * limit + [429]
    client.clock.advance(60)
    assert (await client.stats()).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ({}, 400, "Incorrect action"),
        ({"action": "list"}, 400, "Incorrect action"),
        ({"action": "stats"}, 400, "Url parameter is null"),
        *(
            ({"action": "shorten", "url": TARGET, **query}, 409, text)
            for query, text in (
                ({"url": "nothing"}, "Provided link is incorrect"),
                ({"url": "https://[/"}, "Provided link is incorrect"),
                ({"url": "https://2s.ms/H/a"}, "Provided link is already shortened"),
                ({"url": f"https://{DEMO_DOMAIN}/spring"}, "Provided link is already shortened"),
                ({"name": "a/b"}, "Provided alias contains illegal characters"),
                ({"name": "spring-sale"}, "Provided alias is unavailable"),
            )
        ),
    ],
)
async def test_an_error_that_the_document_lists_with_a_code_comes_with_it(
    query: dict[str, str], status: int, text: str
) -> None:
    answer = await Client().send(query)
    assert (answer.status_code, answer.json()) == (status, {"code": status, "error": text})


@pytest.mark.parametrize("domain", ["example.com", "2s.ms"])
async def test_a_domain_must_be_the_teams_own(domain: str) -> None:
    answer = await Client().shorten(domain=domain)
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("This domain is not owned by the team. To use this domain, it must")


@pytest.mark.parametrize(
    ("key", "query", "text"),
    [
        *(
            (DEMO_KEY, {"action": "stats", name: value}, "Incorrect date format")
            for name in ("date_from", "date_to")
            for value in ("", "20.11.2026", "2026-13-01")
        ),
        (SINGLE_KEY, {"action": "stats", "date_to": "2026-11-20"}, "Insufficient subscription level"),
        *(
            (DEMO_KEY, {"action": "edit", "unique": minutes}, "Unique time must be between 15 - 1440 minutes")
            for minutes in ("14", "1441", "x")
        ),
        (SINGLE_KEY, {"action": "edit", "unique": "15"}, "Insufficient subscription level"),
        (DEMO_KEY, {"action": "shorten", "noTitle": "1"}, "Insufficient subscription level"),
    ],
)
async def test_an_error_without_a_code_is_a_bare_string(key: str, query: dict[str, str], text: str) -> None:
    url = TARGET if query["action"] == "shorten" else SPRING
    answer = await Client(key).send({"url": url, **query})
    assert (answer.status_code, answer.json()) == (200, text)


async def test_a_link_is_written_in_its_own_way_and_always_the_same_way() -> None:
    client = Client()
    shared, own = await client.stats(), await client.stats(url="https://go.brand-demo.example/spring")
    assert shared.text == (await client.stats()).text
    assert '"shortLink": "https:\\/\\/cutt.ly\\/spring-sale"' in shared.text
    assert [answer.headers["content-type"] for answer in (own, shared)] == [
        "text/html; charset=UTF-8",
        "application/json",
    ]
    one, other = own.json()["stats"], shared.json()["stats"]
    assert (type(one["clicks"]), type(other["clicks"])) == (int, str)
    assert (type(one["devices"]["geo"]), type(other["devices"]["geo"])) == (dict, list)
    assert (type(one["bots"]), type(other["bots"])) == (int, dict)
    assert (one["date"][2], other["date"][4]) == (".", "-")


async def test_a_new_link_is_answered_flat_or_wrapped_by_turns() -> None:
    client = Client(ENTERPRISE_KEY)
    answers = [(await client.shorten(public="1")).json() for _ in range(3)]
    assert [set(answer) == {"url"} for answer in answers] == [False, False, True]
    flat = [answer.get("url", answer) for answer in answers]
    assert {answer["status"] for answer in flat} == {7}
    assert {client.team.links[answer["shortLink"].removeprefix("https://")].public for answer in flat} == {True}
    assert {answer["title"] for answer in flat} == {"New page – www.example.com"}
    assert (await client.shorten(url="https://www.example.com")).json()["title"] == "Home – www.example.com"
    untitled = (await client.shorten(noTitle="1", name="untitled")).json()
    assert "title" not in untitled
    assert not client.team.links["cutt.ly/untitled"].public


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, "2"),
        ({"something": "1"}, "2"),
        ({"source": "nothing"}, "4"),
        ({"mobile": "blackberry", "destination": TARGET}, "2"),
        ({"abtest": "1", "abtest_b": "101", "abtest_bvariation": TARGET}, "2"),
        ({"expire": "2", "expireCond": "10", "expireRedirect": TARGET}, "2"),
        ({"url": "https://cutt.ly/nobody", "title": "x"}, 3),
    ],
)
async def test_an_edit_of_no_group_of_several_or_of_a_wrong_value_changes_nothing(
    query: dict[str, str], status: object
) -> None:
    client = Client()
    assert (await client.edit(**query)).json() == {"status": status}
    link = client.link
    assert (link.tag, link.mobile, link.variations, link.expiry) == (None, {}, (), None)


@pytest.mark.parametrize(
    ("method", "switch", "form", "kept"),
    [
        ("GET", "1", {}, None),
        ("POST", "1", {"data": {"password": "open sesame"}}, None),
        ("POST", "0", {"files": {"password": (None, b"open sesame")}}, None),
        ("POST", "1", {"files": {"password": (None, b"open sesame")}}, "open sesame"),
    ],
)
async def test_a_password_comes_as_form_data_or_not_at_all(
    method: str, switch: str, form: dict[str, Any], kept: str | None
) -> None:
    client = Client()
    answer = await client.send({"action": "edit", "url": SPRING, "password": switch}, method, form)
    assert answer.json() == {"status": "1" if kept else "2"}
    assert client.link.password == kept
