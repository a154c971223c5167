"""Lists of teams, campaigns, domains, links and trackers."""

from collections.abc import Sequence
from typing import Final

from linkweave.providers.shortenworld.emulator.calls import UNKNOWN_THING, Call
from linkweave.providers.shortenworld.emulator.links import UTM
from linkweave.providers.shortenworld.emulator.responses import Body, RefusedError
from linkweave.providers.shortenworld.emulator.state import SavedLink, Tracker

DEFAULT_SIZE: Final = 20  # DOC
# INFERRED: no maximum is documented. This one is smaller than the pages that a careless client wants.
MAX_SIZE: Final = 50


def list_teams(call: Call) -> Body:
    """Get team list."""
    return _page(call, "teams", [{"id": team.id, "name": team.name} for team in call.state.teams])


def list_campaigns(call: Call) -> Body:
    """Get campaign list: of one team, or of all (DOC)."""
    team_id = _team(call) if call.parameters.get("teamId") else None
    rows = [
        {"id": each.id, "teamId": each.team_id, "name": each.name}
        for each in call.state.campaigns
        if team_id in (None, each.team_id)
    ]
    return _page(call, "campaigns", rows)


def list_domains(call: Call) -> Body:
    """Get domain subscriptions of one team, rented and own (DOC)."""
    team_id = _team(call)
    rows = [
        {"id": each.id, "teamId": each.team_id, "domain": each.domain, "type": each.type}
        for each in call.state.domains
        if each.team_id == team_id
    ]
    return _page(call, "domains", rows)


def list_links(call: Call) -> Body:
    """Get link list. INFERRED: newest first; without `hidden` it has the links that are not hidden."""
    team_id = _team(call) if call.parameters.get("teamId") else None
    domains, campaigns = call.words("domainIds"), call.words("campaignIds")
    hidden = call.parameters.get("hidden", "false") == "true"
    found = [
        _link(link)
        for link in call.state.links
        if link.hidden is hidden
        and team_id in (None, link.team_id)
        and (domains is None or link.domain.id in domains)
        and (campaigns is None or link.campaign_id in campaigns)
        and _matches(link, str(call.parameters.get("search", "")))
    ]
    return _page(call, "links", found)


def list_trackers(call: Call) -> Body:
    """Get tracker list. It has no parameters (DOC), so no pages."""
    return {"trackers": [{"id": each.id, "name": each.name} for each in call.state.trackers]}


def list_team_trackers(call: Call) -> Body:
    """Get team tracker list."""
    team_id = _team(call)
    return _page(call, "teamTrackers", _trackers(call.state.team_trackers, team_id))


def list_link_trackers(call: Call) -> Body:
    """Get link tracker list."""
    return _page(call, "linkTrackers", _trackers(call.state.link_trackers, call.link().id))


def _team(call: Call) -> str:
    team_id = call.text("teamId")
    if not call.state.has_team(team_id):
        raise RefusedError(UNKNOWN_THING, "Team not found")
    return team_id


def _trackers(trackers: Sequence[Tracker], owner: str) -> list[Body]:
    return [
        {"id": each.id, "name": each.name, "trackerName": each.provider, "code": each.code}
        for each in trackers
        if each.owner == owner
    ]


def _link(link: SavedLink) -> Body:
    """A link in the list. No key but `linkShort` is documented, so the others are INFERRED."""
    return {
        "id": link.id,
        "teamId": link.team_id,
        "domainId": link.domain.id,
        "campaignId": link.campaign_id,
        "code": link.code,
        "title": link.title,
        "destination": link.destination,
        "linkShort": f"https://{link.domain.domain}/{link.code}",
        "tags": link.tags,
        "hidden": link.hidden,
        "clicks": link.clicks,
        "createdTime": int(link.created_at.timestamp() * 1000),
        **{name: link.utm.get(name) for name in UTM},
        "clickType": link.click_type,
        "uniqueTime": link.unique_time,
        "redirectMobile": link.mobile,
        "expiration": link.expiration,
        "hasPassword": link.password is not None,
        "testing": link.testing,
    }


def _matches(link: SavedLink, search: str) -> bool:
    """Full text search with link code and link title (DOC). INFERRED: every word must be in one of them."""
    text = f"{link.code} {link.title}".casefold()
    return all(word in text for word in search.casefold().split())


def _page(call: Call, key: str, rows: Sequence[Body]) -> Body:
    size = min(call.number("size", DEFAULT_SIZE), MAX_SIZE) or DEFAULT_SIZE
    number = call.number("page", 0)
    return {key: rows[number * size : (number + 1) * size], "page": number, "size": size, "total": len(rows)}
