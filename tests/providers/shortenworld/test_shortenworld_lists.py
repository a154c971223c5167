"""ShortenWorld: its other lists, and where a list ends whose end the vendor does not mark."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import (
    CAMPAIGNS,
    DOMAINS,
    LOGIN,
    TEAMS,
    Answer,
    Vendor,
    account_of,
    adapter_answering,
    adapter_of,
    always,
    good,
    refused,
)
from linkweave.errors import BadResponseError, NotFoundError, VendorError
from linkweave.models import Campaign, Domain, DomainKind, Team, Tracker, TrackerScope


def rows(*numbers: int) -> list[dict[str, object]]:
    return [{"id": f"t{number}", "name": f"Team {number}"} for number in numbers]


def paged(count: int, size: int, more: Mapping[str, object] = MappingProxyType({})) -> Vendor:
    """A list of `count` teams, at most `size` a page whatever the call wants, with `more` keys beside the rows."""

    def answer(request: httpx2.Request) -> Answer:
        first = int(request.url.params["page"]) * size
        return good(teams=rows(*range(first, min(first + size, count))), **more)

    return Vendor({TEAMS: answer})


async def team_ids(vendor: Vendor) -> Sequence[str]:
    return [team.id for team in await adapter_of(account_of(vendor)).list_teams()]


@pytest.mark.parametrize(
    ("count", "size", "more", "calls"),
    [
        (0, 100, {}, 1),
        (99, 100, {}, 1),
        (100, 100, {}, 2),
        (250, 100, {}, 3),
        (250, 100, {"total": 250}, 3),
        (300, 100, {"total": 300}, 3),
        (45, 20, {"size": 20}, 3),
        (45, 20, {"size": 20, "total": 45}, 3),
        (45, 20, {"total": 45}, 3),
        (40, 20, {"size": 20}, 3),
        (40, 20, {"size": "20", "total": "40"}, 2),
        (150, 100, {"size": 0, "total": None}, 2),
        (150, 100, {"size": 5000}, 2),
        (150, 100, {"size": {"strange": 1}, "total": "many"}, 2),
        (150, 100, {"size": -1, "total": True}, 2),
        # A total that counts one page only does not end the list.
        *((250, 100, {"total": total}, 3) for total in (100, 1, 0)),
    ],
)
async def test_a_list_is_read_to_its_end_and_no_further_than_needed(
    count: int, size: int, more: dict[str, object], calls: int
) -> None:
    vendor = paged(count, size, more)
    assert await team_ids(vendor) == [f"t{number}" for number in range(count)]
    assert vendor.queries(TEAMS) == [{"size": "100", "page": str(page)} for page in range(calls)]


async def test_a_list_without_an_end_is_a_bad_response_after_fifty_pages() -> None:
    vendor = Vendor({TEAMS: good(teams=rows(*range(100)))})
    with pytest.raises(BadResponseError, match="no end"):
        await team_ids(vendor)
    assert len(vendor.queries(TEAMS)) == 50


async def test_teams_campaigns_and_domains_are_listed() -> None:
    adapter = adapter_of(bench("shortenworld"))
    assert await adapter.list_teams() == (Team("team-apac", "APAC marketing"), Team("team-emea", "EMEA marketing"))
    assert Campaign("camp-101", "Singles' Day", "team-apac") in await adapter.list_campaigns(None)
    assert [each.id for each in await adapter.list_campaigns("team-emea")] == ["camp-201", "camp-202"]
    assert await adapter.list_domains() == (
        Domain("apac.swlink.example", kind=DomainKind.RENTED, team_id="team-apac"),
        Domain("emea.swlink.example", kind=DomainKind.RENTED, team_id="team-emea"),
        Domain("go.fashion.example", kind=DomainKind.BRANDED, team_id="team-emea"),
    )


@pytest.mark.parametrize("team", ["t1", None])
async def test_a_campaign_without_a_team_has_the_team_whose_list_it_is_in(team: str | None) -> None:
    adapter = adapter_answering({CAMPAIGNS: good(campaigns=[{"id": 1, "name": "Sale"}])})
    assert await adapter.list_campaigns(team) == (Campaign("1", "Sale", team),)


@pytest.mark.parametrize("kind", [{}, {"type": None}, {"type": "borrowed"}])
async def test_a_domain_of_an_unknown_kind_has_none(kind: dict[str, object]) -> None:
    row = {"id": "d1", "domain": "Go.Example.com", **kind}
    adapter = adapter_answering({TEAMS: good(teams=rows(1)), DOMAINS: good(domains=[row])})
    assert await adapter.list_domains() == (Domain("go.example.com", team_id="t1"),)


async def test_domains_are_one_call_per_team_and_at_most_four_at_once() -> None:
    running: list[int] = [0]
    vendor = Vendor({TEAMS: good(teams=rows(*range(12))), DOMAINS: good(domains=[])})

    async def counting(request: httpx2.Request) -> httpx2.Response:
        running.append(running[-1] + 1)
        try:
            return await vendor(request)
        finally:
            running.append(running[-1] - 1)

    await adapter_of(account_of(counting)).list_domains()
    assert [query["teamId"] for query in vendor.queries(DOMAINS)] == [f"t{number}" for number in range(12)]
    assert max(running) == 4


async def test_the_first_team_that_fails_ends_the_calls() -> None:
    vendor = Vendor({TEAMS: good(teams=rows(*range(50))), DOMAINS: always(refused(9, "broken"), good(domains=[]))})
    with pytest.raises(VendorError, match="broken"):
        await adapter_of(account_of(vendor)).list_domains()
    assert vendor.paths.count(DOMAINS) <= 4


async def test_trackers_are_listed_of_the_catalogue_of_a_team_and_on_a_link() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    assert Tracker("1", "Facebook Pixel", TrackerScope.CATALOG) in await adapter.list_trackers()
    assert dict(it.calls[1].query) == {}
    assert await adapter.list_team_trackers("team-emea") == (
        Tracker("tt-3", "Facebook ads EMEA", TrackerScope.TEAM, "Facebook Pixel", "500600700800"),
    )
    assert [each.id for each in await adapter.list_link_trackers("65a10000")] == ["lt-65a10000"]
    assert await adapter.list_link_trackers("65a10001") == ()
    with pytest.raises(NotFoundError):
        await adapter.list_link_trackers("no such link")


async def test_a_check_is_a_login_and_the_list_of_teams() -> None:
    it = bench("shortenworld")
    assert await adapter_of(it).probe() == ()
    assert [call.path for call in it.calls] == [LOGIN, TEAMS]
    (missing,) = await adapter_answering({TEAMS: good(teams=[])}).probe()
    assert "a team at ShortenWorld" in missing
