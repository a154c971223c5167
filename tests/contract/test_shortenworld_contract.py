"""ShortenWorld keeps the contract of each capability that it offers."""

from typing import ClassVar

from harness.gateway import UNCACHED, CutFor, open_gateway
from harness.graphql_writes import CREATE, a_new_link, new_link, only_error
from linkweave.providers.shortenworld import PROVIDER
from linkweave.schema.global_ids import encode_id
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ListCampaignsContract,
    ListDomainsContract,
    ListLinksContract,
    ListTeamsContract,
    ListTrackersContract,
    ReadStatsContract,
    UpdateLinksContract,
    WriteTrackersContract,
    shown,
    shown_tags,
)
from linkweave.testing.contract.examples import NEW_DESTINATION
from linkweave.testing.mutations import UPDATE_UNREAD

TEAM = encode_id("Team", "shortenworld", "team-apac")
CAMPAIGN = encode_id("Campaign", "shortenworld", "camp-101")
BESIDE = {"destination": "https://www.example.com/b", "percentage": 40}
EXPIRY = {
    "at": "2027-01-31",
    "afterClicks": 100,
    "countUniqueOnly": True,
    "redirectTo": "https://www.example.com/over",
    "redirectToAfterClicks": "https://www.example.com/sold-out",
}


class TestShortenworld(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListDomainsContract,
    ListTeamsContract,
    ListCampaignsContract,
    ListTrackersContract,
    CreateLinksContract,
    UpdateLinksContract,
    DeleteLinksContract,
    WriteTrackersContract,
):
    provider = PROVIDER
    # The account has several teams, so that a domain or a team must say whose a link is.
    new_link: ClassVar = {"domain": "apac.swlink.example"}
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": "go.fashion.example"}, {"domain": {"name": "go.fashion.example"}}),
        "team": FieldExample({"team": TEAM, "domain": None}, {"team": {"id": TEAM, "name": "APAC marketing"}}),
        "campaign": FieldExample({"campaign": CAMPAIGN}, {"campaign": {"id": CAMPAIGN, "name": "Singles' Day"}}),
        "fetchTitle": FieldExample({"fetchTitle": False}, {"title": ""}),
    }
    update_examples: ClassVar = {
        "addTags": FieldExample({"addTags": ["winter", "coats"]}, shown_tags("winter", "coats")),
        "expiry": shown(expiry=EXPIRY),
        "variants": FieldExample(
            {"variants": [BESIDE]},
            {"variants": [{"destination": "https://www.example.com/new", "percentage": 60}, BESIDE]},
        ),
    }
    clear_examples: ClassVar = {
        "uniqueWindowMinutes": FieldExample({"uniqueWindowMinutes": None}, {"uniqueWindowMinutes": 0})
    }
    shown_together: ClassVar = {"variants": [{"destination": NEW_DESTINATION, "percentage": 60}, BESIDE]}


async def test_the_steps_after_an_ambiguous_step_of_an_update_are_not_sent() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    gateway.break_provider("shortenworld", "reset", path="/entity/link/redirect-mobile")
    changes = {
        "title": "Changed",
        "destination": "https://www.example.com/changed",
        "deviceTargets": [{"platform": "IOS", "destination": "https://apps.example.com"}],
        "expiry": {"afterClicks": 5},
        "password": "sesame",
        "variants": [BESIDE],
    }
    payload = await gateway.payload(UPDATE_UNREAD, input={"id": link, **changes})
    assert payload["applied"] == ["destination", "title"]
    assert payload["failed"] == ["deviceTargets", "expiry", "password", "variants"]
    assert only_error(payload)["code"] == "AMBIGUOUS"
    steps = ["update", "redirect", "redirect-mobile"]
    assert gateway.calls()["shortenworld"] == [f"PUT /entity/link/{step}" for step in steps]


async def test_a_write_is_not_sent_after_the_deadline_passed_in_the_reads_before_it() -> None:
    gateway = open_gateway(sections=UNCACHED)
    await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    gateway.break_provider("shortenworld", "delay", seconds=60, path="/entity/team/list")
    payload = await gateway.payload(CREATE, input=new_link("shortenworld"))
    assert only_error(payload)["code"] == "TIMEOUT"
    assert gateway.calls()["shortenworld"] == ["GET /entity/team/list"]


async def test_a_connection_that_is_cut_in_a_read_before_the_write_is_not_ambiguous() -> None:
    gateway = open_gateway(around=lambda wire: CutFor(wire, lambda request: request.url.path.endswith("/team/list")))
    payload = await gateway.payload(CREATE, input=new_link("shortenworld"))
    assert only_error(payload)["code"] == "UNAVAILABLE"
    assert "POST /entity/link/create" not in gateway.calls()["shortenworld"]
