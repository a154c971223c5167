"""ShortenWorld: which team and domain a new link goes to, what is sent, and what is known afterwards."""

from collections.abc import Mapping
from dataclasses import replace

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import (
    CREATE,
    DOMAINS,
    LINKS,
    LOGIN,
    TEAMS,
    Answer,
    Vendor,
    account_of,
    adapter_of,
    good,
    link_row,
    read_link,
    refused,
    writes_seen,
)
from linkweave.errors import AmbiguousError, InvalidChoiceError
from linkweave.models import Utm
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink

DESTINATION = "https://www.example.com/new?a=b"
NAMED = NewLink(DESTINATION, domain="go.fashion.example", team="team-emea")
CERTAIN = {"handle", "short_url", "slug", "destination", "domain", "team_id", "fetched_at"}
ONE_TEAM = good(teams=[{"id": "t1", "name": "One"}])
ONE_DOMAIN = good(domains=[{"id": "d1", "domain": "go.example.com"}])
MADE = good(linkId="id-9", linkShort="https://go.example.com/abc")
# A body of Create link that has no id.
WITHOUT_ID: Mapping[str, object] = {"linkShort": "https://GO.example.com/abc"}


async def test_all_fields_are_sent_in_the_documents_words_and_listed_later() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    utm = Utm("newsletter", "email", "spring", "shoes", "top")
    written = await adapter.create_link(replace(NAMED, campaign="camp-201", fetch_title=False, utm=utm))
    body = {
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
    }
    assert writes_seen(it) == [("POST", CREATE, {}, body)]
    assert [call.path for call in it.calls] == [LOGIN, DOMAINS, CREATE]
    assert written.known_fields == CERTAIN | {"campaign_id", "utm"}
    assert written.created
    listed = await read_link(adapter, written.link.handle)
    for name in written.known_fields:
        assert getattr(written.link, name) == getattr(listed, name)
    assert (listed.created_at, listed.title, listed.tags, listed.archived) == (it.clock.now(), "", (), False)


async def test_fields_that_are_not_given_are_neither_sent_nor_known() -> None:
    it = bench("shortenworld")
    written = await adapter_of(it).create_link(replace(NAMED, fetch_title=True))
    ((_, _, _, body),) = writes_seen(it)
    assert body == {"teamId": "team-emea", "domainId": "dom-3", "destination": DESTINATION}
    assert written.known_fields == CERTAIN


@pytest.mark.parametrize(
    ("new", "team", "domain", "lookups"),
    [
        (
            NewLink(DESTINATION, domain="EMEA.swlink.example"),
            "team-emea",
            "emea.swlink.example",
            [TEAMS, DOMAINS, DOMAINS],
        ),
        (NewLink(DESTINATION, team="team-emea"), "team-emea", "emea.swlink.example", [DOMAINS]),
    ],
)
async def test_a_domain_names_its_team_and_a_team_its_first_domain(
    new: NewLink, team: str, domain: str, lookups: list[str]
) -> None:
    it = bench("shortenworld")
    link = (await adapter_of(it).create_link(new)).link
    assert (link.team_id, link.domain) == (team, domain)
    assert [call.path for call in it.calls] == [LOGIN, *lookups, CREATE]


async def test_the_only_team_and_its_first_domain_need_no_naming() -> None:
    domains = good(domains=[{"id": 4, "domain": "go.example.com"}, {"id": "d2", "domain": "x.example"}])
    made = good(linkId=77, linkShort="https://go.example.com/abc")
    vendor = Vendor({TEAMS: ONE_TEAM, DOMAINS: domains, CREATE: made})
    written = await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))
    assert vendor.bodies(CREATE) == [{"teamId": "t1", "domainId": "4", "destination": DESTINATION}]
    assert written.link.handle == "77"


@pytest.mark.parametrize(
    ("new", "field", "message"),
    [
        (NewLink(DESTINATION), "team", "APAC marketing, EMEA marketing"),
        (
            NewLink(DESTINATION, domain="nobody.example"),
            "domain",
            "no team has the domain nobody.example; there are: apac.swlink.example, emea.swlink.example, go.fashion",
        ),
        (
            NewLink(DESTINATION, domain="apac.swlink.example", team="team-emea"),
            "domain",
            "there are: emea.swlink.example",
        ),
    ],
)
async def test_a_choice_of_teams_or_domains_is_refused_with_their_names_before_any_write(
    new: NewLink, field: str, message: str
) -> None:
    it = bench("shortenworld")
    with pytest.raises(InvalidChoiceError, match=message) as refusal:
        await adapter_of(it).create_link(new)
    assert (refusal.value.field, refusal.value.operation) == (field, "create a link")
    assert writes_seen(it) == []


async def test_a_domain_that_several_teams_have_is_refused_with_the_names_of_those_teams() -> None:
    teams = [{"id": f"t{number}", "name": f"Team {number}"} for number in range(3)]

    def domains(request: httpx2.Request) -> Answer:
        team = request.url.params["teamId"]
        return good(domains=[{"id": team, "domain": "x.example" if team == "t1" else "y.example"}])

    vendor = Vendor({TEAMS: good(teams=teams), DOMAINS: domains, CREATE: MADE})
    adapter = adapter_of(account_of(vendor))
    with pytest.raises(InvalidChoiceError, match="Team 0, Team 2") as refusal:
        await adapter.create_link(NewLink(DESTINATION, domain="y.example"))
    await adapter.create_link(NewLink(DESTINATION, domain="y.example", team="t2"))
    assert refusal.value.field == "team"
    assert vendor.bodies(CREATE) == [{"teamId": "t2", "domainId": "t2", "destination": DESTINATION}]


@pytest.mark.parametrize(
    ("teams", "domains", "wanted", "field", "message"),
    [
        (good(teams=[]), ONE_DOMAIN, None, "team", "the account is in none"),
        (good(teams=[]), ONE_DOMAIN, "x.example", "domain", r"no team has the domain x\.example"),
        (ONE_TEAM, good(domains=[]), None, "domain", "the team has no domain; there are: none"),
        (
            ONE_TEAM,
            good(domains=[{"id": f"d{number}", "domain": f"d{number}.example"} for number in range(13)]),
            "x.example",
            "domain",
            r"d9\.example and 3 more",
        ),
    ],
)
async def test_a_refusal_says_when_there_is_nothing_to_choose_from_and_names_at_most_ten(
    teams: Answer, domains: Answer, wanted: str | None, field: str, message: str
) -> None:
    adapter = adapter_of(account_of(Vendor({TEAMS: teams, DOMAINS: domains})))
    with pytest.raises(InvalidChoiceError, match=message) as refusal:
        await adapter.create_link(NewLink(DESTINATION, domain=wanted))
    assert refusal.value.field == field


@pytest.mark.parametrize("more", [{}, {"linkId": None}, {"linkId": ""}, {"linkId": []}, {"linkId": {"id": 5}}])
async def test_a_link_whose_id_is_not_in_the_answer_is_found_by_its_slug(more: dict[str, object]) -> None:
    rows = [link_row(1), link_row(2, code="abc", linkShort="https://go.example.com/abc", title="Found")]
    answers = {TEAMS: ONE_TEAM, DOMAINS: ONE_DOMAIN, CREATE: good(**WITHOUT_ID, **more), LINKS: good(links=rows)}
    vendor = Vendor(answers)
    written = await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))
    assert (written.link.handle, written.link.title, written.known_fields) == ("id-2", "Found", ALL_LINK_FIELDS)
    assert vendor.paths == [LOGIN, TEAMS, DOMAINS, CREATE, LINKS]
    assert vendor.queries(LINKS)[0]["search"] == "abc"


@pytest.mark.parametrize("found", [good(links=[]), (500, b""), OSError("gone"), refused(1, "no"), (200, b"<html>")])
async def test_a_link_without_an_id_that_is_not_found_is_ambiguous_and_not_made_again(found: Answer) -> None:
    vendor = Vendor({TEAMS: ONE_TEAM, DOMAINS: ONE_DOMAIN, CREATE: good(**WITHOUT_ID), LINKS: found})
    with pytest.raises(AmbiguousError, match="did not return the new link's id"):
        await adapter_of(account_of(vendor)).create_link(NewLink(DESTINATION))
    assert vendor.paths.count(CREATE) == 1
