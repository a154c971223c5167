"""Cutt.ly's emulator, written to without the adapter: what the vendor's document promises to any client."""

from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, DEMO_KEY, ENTERPRISE_KEY, SINGLE_KEY, create_emulator
from linkweave.providers.cuttly.emulator.links import ShortLink
from linkweave.providers.cuttly.emulator.team import Team
from linkweave.providers.emulator_kit import EmulatorOptions

PATH = "/team/API/index.php"
SPRING = "https://cutt.ly/spring-sale"
TARGET = "https://www.example.com/new-page"


class Client:
    """Asks one emulator."""

    def __init__(self, key: str = DEMO_KEY) -> None:
        self._key = key
        app = create_emulator(EmulatorOptions(ManualClock()))
        self.team: Team = app.state.team
        self._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")

    async def shorten(self, **query: str) -> httpx2.Response:
        return await self._ask("GET", {"action": "shorten", "url": TARGET, **query})

    async def edit(self, **query: str) -> httpx2.Response:
        return await self._ask("GET", {"action": "edit", "url": SPRING, **query})

    async def set_password(self, method: str, form: dict[str, Any], switch: str = "1") -> object:
        query = {"action": "edit", "url": SPRING, "password": switch}
        return (await self._ask(method, query, form)).json()

    async def _ask(self, method: str, query: dict[str, str], form: dict[str, Any] | None = None) -> httpx2.Response:
        return await self._http.request(method, PATH, params={"key": self._key, **query}, **(form or {}))

    @property
    def link(self) -> ShortLink:
        return self.team.links["cutt.ly/spring-sale"]


async def test_a_new_link_is_answered_flat_or_wrapped_by_turns() -> None:
    client = Client()
    answers = [(await client.shorten()).json() for _ in range(3)]
    assert [set(answer) == {"url"} for answer in answers] == [False, False, True]
    flat = [answer.get("url", answer) for answer in answers]
    assert {answer["status"] for answer in flat} == {7}
    assert len({answer["shortLink"] for answer in flat}) == 3
    assert {answer["title"] for answer in flat} == {"New page – www.example.com"}


async def test_a_page_without_a_path_has_a_title_too() -> None:
    answer = (await Client().shorten(url="https://www.example.com")).json()
    assert answer["title"] == "Home – www.example.com"


async def test_without_a_title_there_is_none_in_the_answer() -> None:
    answer = (await Client(ENTERPRISE_KEY).shorten(noTitle="1")).json()
    assert "title" not in answer


async def test_public_statistics_are_kept() -> None:
    client = Client()
    await client.shorten(name="a", public="1")
    await client.shorten(name="b")
    assert [client.team.links[f"cutt.ly/{name}"].public for name in "ab"] == [True, False]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"url": "nothing"}, 409, "Provided link is incorrect"),
        ({"url": "ftp://example.com"}, 409, "Provided link is incorrect"),
        ({"url": "https://example.com/a b"}, 409, "Provided link is incorrect"),
        ({"url": "https://[/"}, 409, "Provided link is incorrect"),
        ({"url": "https://2s.ms/H/a"}, 409, "Provided link is already shortened"),
        ({"url": f"https://{DEMO_DOMAIN}/spring"}, 409, "Provided link is already shortened"),
        ({"name": "a/b"}, 409, "Provided alias contains illegal characters"),
        ({"name": "spring-sale"}, 409, "Provided alias is unavailable"),
    ],
)
async def test_errors_come_with_the_code_that_the_document_gives_them(
    query: dict[str, str], status: int, said: str
) -> None:
    answer = await Client().shorten(**query)
    assert (answer.status_code, answer.json()) == (status, {"code": status, "error": said})


@pytest.mark.parametrize("domain", ["example.com", "2s.ms", "2s.ms/", "2s.ms/A/B"])
async def test_a_domain_must_be_the_teams_own(domain: str) -> None:
    answer = await Client().shorten(domain=domain)
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("This domain is not owned by the team. To use this domain, it must")


async def test_an_alias_is_taken_on_its_domain_only_whatever_the_header() -> None:
    client = Client()
    taken = await client.shorten(domain="2s.ms/AAAAAA", name="sale")
    again = await client.shorten(domain="2s.ms/BBBBBB", name="sale")
    elsewhere = await client.shorten(domain=DEMO_DOMAIN, name="sale")
    assert [answer.status_code for answer in (taken, again, elsewhere)] == [200, 409, 200]


@pytest.mark.parametrize("query", [{}, {"tag": "a", "title": "b"}, {"something": "1"}])
async def test_an_edit_is_of_exactly_one_group(query: dict[str, str]) -> None:
    client = Client()
    assert (await client.edit(**query)).json() == {"status": "2"}
    assert client.link.tag is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"source": "nothing"}, "4"),
        ({"mobile": "ios", "destination": "nothing"}, "4"),
        ({"mobile": "blackberry", "destination": TARGET}, "2"),
        ({"delete": "0"}, "2"),
        ({"abtest": "3"}, "2"),
        ({"abtest": "1"}, "2"),
        ({"abtest": "1", "abtest_b": "50", "abtest_bvariation": "nothing"}, "2"),
        ({"abtest": "1", "abtest_b": "101", "abtest_bvariation": TARGET}, "2"),
        ({"abtest": "1", "abtest_b": "9" * 5000, "abtest_bvariation": TARGET}, "2"),
        ({"expire": "0", "expireCond": "10"}, "2"),
        ({"expire": "2", "expireCond": "10", "expireRedirect": TARGET}, "2"),
        ({"expire": "0", "expireCond": "2026-12-24", "expireRedirect": TARGET}, "2"),
        ({"expire": "1", "expireCond": "24.12.2026", "expireRedirect": TARGET}, "2"),
    ],
)
async def test_what_cannot_be_saved_has_a_status_and_changes_nothing(query: dict[str, str], status: str) -> None:
    client = Client()
    assert (await client.edit(**query)).json() == {"status": status}
    link = client.link
    assert (link.mobile, link.variations, link.expiry) == ({}, (), None)


async def test_an_unknown_link_has_status_3() -> None:
    assert (await Client().edit(url="https://cutt.ly/nobody", title="x")).json() == {"status": 3}


@pytest.mark.parametrize("minutes", ["14", "1441", "-1", "x", ""])
async def test_minutes_out_of_range_are_refused_in_a_bare_string(minutes: str) -> None:
    answer = await Client().edit(unique=minutes)
    assert (answer.status_code, answer.json()) == (200, "Unique time must be between 15 - 1440 minutes")


async def test_minutes_need_a_team_subscription() -> None:
    answer = await Client(SINGLE_KEY).edit(unique="15")
    assert (answer.status_code, answer.json()) == (200, "Insufficient subscription level")


@pytest.mark.parametrize(
    ("method", "form"),
    [
        ("GET", {}),
        ("POST", {}),
        ("POST", {"data": {"password": "open sesame"}}),
        ("POST", {"files": {"other": (None, b"open sesame")}}),
    ],
)
async def test_a_password_comes_as_form_data_or_not_at_all(method: str, form: dict[str, Any]) -> None:
    client = Client()
    assert await client.set_password(method, form) == {"status": "2"}
    assert client.link.password is None


async def test_a_password_is_set_by_1_only() -> None:
    client = Client()
    form = {"files": {"password": (None, b"open sesame")}}
    assert await client.set_password("POST", form, switch="0") == {"status": "2"}
    assert await client.set_password("POST", form) == {"status": "1"}
    assert client.link.password == "open sesame"


async def test_the_title_of_a_link_that_had_none_is_told_once_it_is_set() -> None:
    client = Client()
    untitled = next(name for name, link in client.team.links.items() if not link.titled)
    await client.edit(url=f"https://{untitled}", title="Now it has one")
    answer = await client.edit(url=f"https://{untitled}", action="stats")
    assert answer.json()["stats"]["title"] == "Now it has one"
