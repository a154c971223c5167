"""Links made at ShortenWorld: which team and domain they go to, what is said, and what is known afterwards."""

from dataclasses import replace

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import (
    LINKS,
    LOGIN,
    OK,
    TEAMS,
    Answer,
    Script,
    Vendor,
    account_of,
    adapter_of,
    good,
    link_row,
    refused,
)
from harness.shortenworld_writing import CREATE, DOMAINS, read_link, writes_seen
from linkweave.errors import AmbiguousError, ForbiddenError, NotFoundError, PlanRequiredError, RejectedError
from linkweave.models import Utm
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink

DESTINATION = "https://www.example.com/new?a=b"
NAMED = NewLink(DESTINATION, domain="go.fashion.example", team="team-emea")
ONE_DOMAIN = good(domains=[{"id": "d1", "domain": "go.example.com"}])
MADE = good(linkId="id-9", linkShort="https://go.example.com/abc")


def vendor_of(domains: Answer, **more: Answer | Script) -> Vendor:
    """A vendor with one team; what it says to the paths of Create link and of the link list is in `more`."""
    paths = {"create": CREATE, "links": LINKS}
    answers = {paths[name]: answer for name, answer in more.items()}
    return Vendor({TEAMS: good(teams=[{"id": "t1", "name": "One"}]), DOMAINS: domains, **answers})


async def test_everything_that_can_be_said_of_a_new_link_is_said_in_the_documents_words() -> None:
    it = bench("shortenworld")
    utm = Utm("newsletter", "email", "spring", "shoes", "top")
    new = replace(NAMED, campaign="camp-201", fetch_title=False, utm=utm)

    written = await adapter_of(it.account).create_link(new)

    assert writes_seen(it) == [
        (
            "POST",
            CREATE,
            {},
            {
                "teamId": "team-emea",
                "domainId": "dom-3",
                "campaignId": "camp-201",
                "noTitle": True,
                "destination": DESTINATION,
                "utmSource": "newsletter",
                "utmMedium": "email",
                "utmCampaign": "spring",
                "utmTerm": "shoes",
                "utmContent": "top",
            },
        ),
    ]
    assert [call.path for call in it.calls] == [LOGIN, DOMAINS, CREATE]
    link = written.link
    assert link.short_url == f"https://go.fashion.example/{link.slug}"
    assert (link.domain, link.destination, link.utm) == ("go.fashion.example", DESTINATION, utm)
    assert (link.team_id, link.campaign_id, written.created) == ("team-emea", "camp-201", True)


async def test_what_is_told_of_a_new_link_is_what_the_list_tells_of_it_later() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    new = replace(NAMED, campaign="camp-202", fetch_title=False, utm=Utm(source="x"))

    written = await adapter.create_link(new)
    listed = await read_link(adapter, written.link.handle)

    must = {"handle", "short_url", "slug", "destination", "domain", "team_id", "campaign_id", "utm", "fetched_at"}
    assert written.known_fields == must
    assert {name: getattr(written.link, name) for name in must} == {name: getattr(listed, name) for name in must}
    assert listed.created_at == it.clock.now()
    assert (listed.title, listed.tags, listed.archived) == ("", (), False)


async def test_what_is_not_given_is_neither_sent_nor_told() -> None:
    it = bench("shortenworld")

    written = await adapter_of(it.account).create_link(replace(NAMED, fetch_title=True))

    ((_, _, _, body),) = writes_seen(it)
    assert body == {"teamId": "team-emea", "domainId": "dom-3", "destination": DESTINATION}
    assert written.known_fields == {"handle", "short_url", "slug", "destination", "domain", "team_id", "fetched_at"}


async def test_a_domain_that_one_team_has_names_the_team() -> None:
    it = bench("shortenworld")

    written = await adapter_of(it.account).create_link(NewLink(DESTINATION, domain="EMEA.swlink.example"))

    assert (written.link.team_id, written.link.domain) == ("team-emea", "emea.swlink.example")
    assert sorted(call.path for call in it.calls) == sorted([LOGIN, TEAMS, DOMAINS, DOMAINS, CREATE])


async def test_a_team_without_a_domain_named_gets_its_first_domain() -> None:
    it = bench("shortenworld")

    written = await adapter_of(it.account).create_link(NewLink(DESTINATION, team="team-emea"))

    assert written.link.domain == "emea.swlink.example"


async def test_the_only_team_and_its_first_domain_need_no_naming() -> None:
    domains = good(domains=[{"id": "d1", "domain": "go.example.com"}, {"id": "d2", "domain": "x.example"}])
    vendor = vendor_of(domains, create=MADE)

    await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))

    assert vendor.bodies(CREATE) == [{"teamId": "t1", "domainId": "d1", "destination": DESTINATION}]


async def test_several_teams_and_no_domain_are_a_question_back_and_no_write() -> None:
    it = bench("shortenworld")

    with pytest.raises(RejectedError, match="APAC marketing, EMEA marketing") as refusal:
        await adapter_of(it.account).create_link(NewLink(DESTINATION))

    assert (refusal.value.field, refusal.value.operation) == ("team", "create a link")
    assert [call.path for call in it.calls] == [LOGIN, TEAMS]


async def test_a_domain_that_several_teams_have_is_a_question_back_naming_those() -> None:
    teams = [{"id": f"t{number}", "name": f"Team {number}"} for number in range(3)]

    def domains(request: httpx2.Request) -> tuple[int, object]:
        team = request.url.params["teamId"]
        return 200, {"status": OK, "domains": [{"id": team, "domain": "x.example" if team == "t1" else "y.example"}]}

    vendor = Vendor({TEAMS: good(teams=teams), DOMAINS: domains, CREATE: MADE})
    adapter = adapter_of(account_of(vendor))

    with pytest.raises(RejectedError, match="Team 0, Team 2") as refusal:
        await adapter.create_link(NewLink(DESTINATION, domain="y.example"))
    await adapter.create_link(NewLink(DESTINATION, domain="y.example", team="t2"))

    assert refusal.value.field == "team"
    assert vendor.bodies(CREATE) == [{"teamId": "t2", "domainId": "t2", "destination": DESTINATION}]


@pytest.mark.parametrize(
    ("new", "names"),
    [
        (NewLink(DESTINATION, domain="nobody.example"), "apac.swlink.example, emea.swlink.example, go.fashion.example"),
        (NewLink(DESTINATION, domain="apac.swlink.example", team="team-emea"), "emea.swlink.example"),
    ],
)
async def test_a_domain_that_is_not_there_is_refused_with_those_that_are(new: NewLink, names: str) -> None:
    it = bench("shortenworld")

    with pytest.raises(RejectedError, match=names) as refusal:
        await adapter_of(it.account).create_link(new)

    assert refusal.value.field == "domain"
    assert writes_seen(it) == []


async def test_no_more_than_ten_names_are_told() -> None:
    domains = good(domains=[{"id": f"d{number}", "domain": f"d{number}.example"} for number in range(13)])
    vendor = vendor_of(domains)

    with pytest.raises(RejectedError, match=r"d9\.example and 3 more"):
        await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION, domain="x.example"))


async def test_no_team_or_no_domain_at_all_is_said_so() -> None:
    without_teams = adapter_of(account_of(Vendor({TEAMS: good(teams=[])})))
    without_domains = adapter_of(account_of(vendor_of(good(domains=[]))))

    with pytest.raises(RejectedError, match="the account is in none") as no_team:
        await without_teams.create_link(NewLink(DESTINATION))
    with pytest.raises(RejectedError, match="the team has no domain; there are: none") as no_domain:
        await without_domains.create_link(NewLink(DESTINATION))
    with pytest.raises(RejectedError, match=r"no team has the domain x\.example"):
        await without_teams.create_link(NewLink(DESTINATION, domain="x.example"))

    assert (no_team.value.field, no_domain.value.field) == ("team", "domain")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"team": "nobody"}, "team", "Team not found"),
        ({"campaign": "camp-101"}, "campaign", "Campaign not found"),
    ],
)
async def test_what_the_vendor_does_not_find_is_at_its_field(changes: dict[str, str], field: str, message: str) -> None:
    it = bench("shortenworld")

    with pytest.raises(NotFoundError, match=message) as refusal:
        await adapter_of(it.account).create_link(replace(NAMED, **changes))  # type: ignore[arg-type]

    assert refusal.value.field == field


async def test_a_plan_without_titles_left_out_refuses_that_and_only_that() -> None:
    it = bench("shortenworld", username="sandbox-shortenworld-free")
    adapter = adapter_of(it.account)

    with pytest.raises(PlanRequiredError):
        await adapter.create_link(replace(NAMED, fetch_title=False))
    written = await adapter.create_link(NAMED)

    assert (await read_link(adapter, written.link.handle)).title == "Page at www.example.com"
    assert len(writes_seen(it)) == 2


@pytest.mark.parametrize("told", [..., None, "", [], {"id": 5}])
async def test_a_link_whose_id_is_not_told_is_found_by_its_slug(told: object) -> None:
    body = {"linkShort": "https://GO.example.com/abc"} | ({} if told is ... else {"linkId": told})
    rows = [link_row(1), link_row(2, code="abc", linkShort="https://go.example.com/abc", title="Found")]
    vendor = vendor_of(ONE_DOMAIN, create=good(**body), links=good(links=rows))

    written = await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))

    assert (written.link.handle, written.link.title, written.known_fields) == ("id-2", "Found", ALL_LINK_FIELDS)
    assert vendor.paths == [LOGIN, TEAMS, DOMAINS, CREATE, LINKS]
    assert vendor.queries(LINKS)[0]["search"] == "abc"


async def test_an_id_may_be_a_number() -> None:
    domains = good(domains=[{"id": 4, "domain": "go.example.com"}])
    vendor = vendor_of(domains, create=good(linkId=77, linkShort="https://go.example.com/abc"))

    assert (await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))).link.handle == "77"


@pytest.mark.parametrize("found", [good(links=[]), (500, b""), OSError("gone"), refused(1, "no"), (200, b"<html>")])
async def test_a_link_that_was_made_and_is_not_found_may_have_been_made_and_is_not_made_again(found: Answer) -> None:
    made = good(linkShort="https://go.example.com/abc")
    vendor = vendor_of(ONE_DOMAIN, create=made, links=found)

    with pytest.raises(AmbiguousError, match="did not tell the new link's id"):
        await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))

    assert vendor.paths.count(CREATE) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"linkShort": ...},
        {"linkShort": None},
        {"linkShort": "secret-body"},
        {"linkShort": "javascript://go.example.com/secret-body"},
        {"linkShort": "https://secret-body.example/"},
        {"linkShort": ["secret-body"]},
        {"status": None},
    ],
)
async def test_an_answer_of_another_shape_may_mean_that_the_link_was_made(changed: dict[str, object]) -> None:
    whole = {"status": OK, "linkId": "id-1", "linkShort": "https://go.example.com/abc", **changed}
    body = {name: value for name, value in whole.items() if value is not ...}
    vendor = vendor_of(ONE_DOMAIN, create=(200, body))

    with pytest.raises(AmbiguousError, match="may have been made all the same") as failure:
        await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))

    assert "secret-body" not in str(failure.value)
    assert vendor.paths.count(CREATE) == 1


async def test_reads_that_fail_before_the_write_are_failures_of_a_read() -> None:
    vendor = vendor_of(refused(403, "permission denied"), create=MADE)

    with pytest.raises(ForbiddenError, match="list domains"):
        await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))

    assert CREATE not in vendor.paths


async def test_codes_of_new_links_differ() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    made = [(await adapter.create_link(NAMED)).link for _ in range(20)]

    assert len({link.short_url for link in made}) == len({link.handle for link in made}) == 20
    assert await adapter.find_link("go.fashion.example", made[7].slug, frozenset()) is not None
