"""ShortenWorld's other lists, and where a list ends that does not say so."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import LOGIN, TEAMS, Answer, Vendor, account_of, adapter_of, always, good, refused
from linkweave.errors import BadResponseError, NotFoundError, VendorError
from linkweave.models import Campaign, Capability, Domain, DomainKind, Team, Tracker, TrackerScope
from linkweave.providers.shortenworld import PROVIDER

DOMAINS = "/entity/domain/list"


def rows(*numbers: int) -> list[dict[str, object]]:
    return [{"id": f"t{number}", "name": f"Team {number}"} for number in numbers]


def paged(count: int, size: int, told: Mapping[str, object] = MappingProxyType({})) -> Vendor:
    """A list of `count` teams, at most `size` a page whatever is asked for, that tells `told` of itself."""

    def answer(request: httpx2.Request) -> Answer:
        first = int(request.url.params["page"]) * size
        return good(teams=rows(*range(first, min(first + size, count))), **told)

    return Vendor({TEAMS: answer})


async def team_ids(vendor: Vendor) -> Sequence[str]:
    return [team.id for team in await adapter_of(account_of(vendor)).list_teams()]


async def test_the_first_page_is_page_nought() -> None:
    vendor = paged(1, 100)

    await team_ids(vendor)

    assert vendor.queries(TEAMS) == [{"size": "100", "page": "0"}]


@pytest.mark.parametrize(
    ("count", "size", "told", "calls"),
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
    ],
)
async def test_a_list_is_read_to_its_end_and_no_further_than_it_takes_to_know(
    count: int,
    size: int,
    told: dict[str, object],
    calls: int,
) -> None:
    vendor = paged(count, size, told)

    assert await team_ids(vendor) == [f"t{number}" for number in range(count)]
    assert len(vendor.queries(TEAMS)) == calls


@pytest.mark.parametrize("total", [100, 1, 0])
async def test_a_total_that_counts_only_one_page_does_not_end_the_list(total: int) -> None:
    assert len(await team_ids(paged(250, 100, {"total": total}))) == 250


async def test_a_list_without_end_is_a_bad_response_after_fifty_pages() -> None:
    vendor = Vendor({TEAMS: good(teams=rows(*range(100)))})

    with pytest.raises(BadResponseError, match="no end"):
        await team_ids(vendor)

    assert len(vendor.queries(TEAMS)) == 50


async def test_teams_campaigns_and_domains() -> None:
    adapter = adapter_of(bench("shortenworld").account)

    assert await adapter.list_teams() == (Team("team-apac", "APAC marketing"), Team("team-emea", "EMEA marketing"))
    assert Campaign("camp-101", "Singles' Day", "team-apac") in await adapter.list_campaigns(None)
    assert [each.id for each in await adapter.list_campaigns("team-emea")] == ["camp-201", "camp-202"]
    assert await adapter.list_domains() == (
        Domain("apac.swlink.example", kind=DomainKind.RENTED, team_id="team-apac"),
        Domain("emea.swlink.example", kind=DomainKind.RENTED, team_id="team-emea"),
        Domain("go.fashion.example", kind=DomainKind.BRANDED, team_id="team-emea"),
    )


async def test_a_campaign_that_does_not_tell_its_team_is_of_the_team_it_was_asked_of() -> None:
    vendor = Vendor({"/entity/campaign/list": good(campaigns=[{"id": 1, "name": "Sale"}])})
    adapter = adapter_of(account_of(vendor))

    assert await adapter.list_campaigns("t1") == (Campaign("1", "Sale", "t1"),)
    assert await adapter.list_campaigns(None) == (Campaign("1", "Sale", None),)


@pytest.mark.parametrize("kind", [{}, {"type": None}, {"type": "borrowed"}])
async def test_a_domain_of_an_unknown_kind_has_none(kind: dict[str, object]) -> None:
    row = {"id": "d1", "domain": "Go.Example.com", **kind}
    vendor = Vendor({TEAMS: good(teams=rows(1)), DOMAINS: good(domains=[row])})

    assert await adapter_of(account_of(vendor)).list_domains() == (Domain("go.example.com", team_id="t1"),)


async def test_domains_are_one_call_per_team_and_no_more_than_four_at_once() -> None:
    under_way: list[int] = []
    vendor = Vendor({TEAMS: good(teams=rows(*range(12))), DOMAINS: good(domains=[])})
    answer = vendor.__call__

    async def watched(request: httpx2.Request) -> httpx2.Response:
        under_way.append(under_way[-1] + 1 if under_way else 1)
        try:
            return await answer(request)
        finally:
            under_way.append(under_way[-1] - 1)

    account = account_of(watched)

    await adapter_of(account).list_domains()

    assert [query["teamId"] for query in vendor.queries(DOMAINS)] == [f"t{number}" for number in range(12)]
    assert max(under_way) == 4


async def test_the_first_team_that_fails_ends_the_asking() -> None:
    vendor = Vendor(
        {TEAMS: good(teams=rows(*range(50))), DOMAINS: always(refused(9, "broken"), good(domains=[]))},
    )

    with pytest.raises(VendorError, match="broken"):
        await adapter_of(account_of(vendor)).list_domains()

    assert vendor.paths.count(DOMAINS) <= 4


async def test_trackers_of_the_catalogue_of_a_team_and_on_a_link() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    catalogue = await adapter.list_trackers()
    of_team = await adapter.list_team_trackers("team-emea")
    of_link = await adapter.list_link_trackers("65a10000")

    assert Tracker("1", "Facebook Pixel", TrackerScope.CATALOG) in catalogue
    assert of_team == (Tracker("tt-3", "Facebook ads EMEA", TrackerScope.TEAM, "Facebook Pixel", "500600700800"),)
    assert [(each.id, each.scope) for each in of_link] == [("lt-65a10000", TrackerScope.LINK)]
    assert await adapter.list_link_trackers("65a10001") == ()
    assert dict(it.calls[1].query) == {}


async def test_trackers_of_a_link_that_is_not_there_are_not_found() -> None:
    with pytest.raises(NotFoundError):
        await adapter_of(bench("shortenworld").account).list_link_trackers("no such link")


def test_the_adapters_bases_are_its_capabilities() -> None:
    assert PROVIDER.capabilities == {
        Capability.LIST_LINKS,
        Capability.GET_LINK,
        Capability.LINK_STATS,
        Capability.LIST_DOMAINS,
        Capability.LIST_TEAMS,
        Capability.LIST_CAMPAIGNS,
        Capability.LIST_TRACKERS,
        Capability.CREATE_LINK,
        Capability.UPDATE_LINK,
        Capability.DELETE_LINK,
        Capability.WRITE_TRACKERS,
    }


async def test_a_check_of_the_account_is_a_login_and_the_list_of_teams() -> None:
    it = bench("shortenworld")

    assert await adapter_of(it.account).probe() == ()
    assert [call.path for call in it.calls] == [LOGIN, TEAMS]


async def test_a_check_says_when_the_user_is_in_no_team() -> None:
    (missing,) = await adapter_of(account_of(Vendor({TEAMS: good(teams=[])}))).probe()

    assert "a team at ShortenWorld" in missing
