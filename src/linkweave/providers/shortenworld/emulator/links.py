"""Creates, changes and deletes links. INFERRED: a setting whose optional parameter is missing stays as it is."""

from typing import Final
from urllib.parse import urlsplit

from linkweave.providers.shortenworld.emulator.calls import UNKNOWN_THING, Call
from linkweave.providers.shortenworld.emulator.responses import Body, RefusedError
from linkweave.providers.shortenworld.emulator.state import Domain, SavedLink

UTM: Final = ("utmSource", "utmMedium", "utmCampaign", "utmTerm", "utmContent")
MOBILES: Final = ("ios", "android", "windows", "mobile")

# Numbers of refusals (INFERRED).
BAD_VALUE: Final = 4
CODE_TAKEN: Final = 5
NOT_IN_PLAN: Final = 6

WHOLE: Final = 100


def create_link(call: Call) -> Body:
    """Create link. FOUND: `linkShort` in the answer; INFERRED: `linkId` beside it."""
    domain = _domain(call)
    campaign_id = call.optional("campaignId") or None
    if campaign_id is not None and not _has_campaign(call, domain.team_id, campaign_id):
        raise RefusedError(UNKNOWN_THING, "Campaign not found")
    no_title = call.parameters.get("noTitle", False)
    if not isinstance(no_title, bool):
        raise RefusedError(BAD_VALUE, "noTitle must be true or false")
    if no_title and call.on_free_plan:
        raise RefusedError(NOT_IN_PLAN, "noTitle is not available in your subscription plan")
    destination = _web_address(call.text("destination"), "destination")
    number = call.state.number()
    link = SavedLink(
        id=f"66b2{number:04x}",
        team_id=domain.team_id,
        domain=domain,
        campaign_id=campaign_id,
        code=_free_code(call, domain),
        title="" if no_title else f"Page at {urlsplit(destination).hostname}",
        destination=destination,
        tags=[],
        hidden=False,
        created_at=call.state.clock.now(),
        utm=_utm(call),
    )
    call.state.links.insert(0, link)
    return {"linkId": link.id, "linkShort": f"https://{domain.domain}/{link.code}"}


def update_link(call: Call) -> Body:
    """Update link. INFERRED: `tags` is text, with commas between tags, which are added to the present ones."""
    link = call.link()
    code, title, hide, tags = (call.optional(name) for name in ("code", "title", "hide", "tags"))
    if hide not in {None, "on", "off"}:
        raise RefusedError(BAD_VALUE, "hide must be on or off")
    if code == "":
        raise RefusedError(BAD_VALUE, "code must not be empty")
    if code not in {None, link.code} and call.state.is_taken(link.domain, code or ""):
        raise RefusedError(CODE_TAKEN, "Code is already existed")
    link.code = code or link.code
    link.title = link.title if title is None else title
    link.hidden = link.hidden if hide is None else hide == "on"
    link.tags += [tag for tag in dict.fromkeys((tags or "").split(",")) if tag and tag not in link.tags]
    return {}


def redirect_link(call: Call) -> Body:
    """Redirect link: destination, counting of clicks, campaign parameters."""
    link = call.link()
    destination = call.optional("destination")
    click_type = call.number("clickType", link.click_type)
    unique_time = call.number("uniqueTime", link.unique_time or 0) or None
    if click_type not in {0, 1}:
        raise RefusedError(BAD_VALUE, "clickType must be 0 or 1")
    utm = {**link.utm, **_utm(call)}
    link.destination = link.destination if destination is None else _web_address(destination, "destination")
    link.click_type, link.unique_time, link.utm = click_type, unique_time, utm
    return {}


def redirect_mobile(call: Call) -> Body:
    """Redirect mobile link."""
    link = call.link()
    given = {name: call.optional(name) for name in MOBILES}
    link.mobile |= {name: _web_address(address, name) for name, address in given.items() if address is not None}
    return {}


def set_expiration(call: Call) -> Body:
    """Expiration link: by day, by clicks, or both."""
    link = call.link()
    day = call.day("date")
    given: dict[str, object] = {name: call.optional(name) for name in ("destinationByDate", "destinationByClick")}
    given["date"] = None if day is None else call.optional("date")
    given |= {name: call.number(name, 0) for name in ("click", "clickType") if name in call.parameters}
    link.expiration |= {name: value for name, value in given.items() if value is not None}
    return {}


def set_password(call: Call) -> Body:
    """Link password. It can be set, and not removed (DOC: required)."""
    call.link().password = call.text("password")
    return {}


def set_testing(call: Call) -> Body:
    """Link A/B/C… testing. DOC: 1 to 100 percent each; INFERRED: 100 in all."""
    link = call.link()
    rows = call.parameters.get("testing")
    if not isinstance(rows, list) or not rows:
        raise RefusedError(BAD_VALUE, "testing must be an array")
    testing = [_variant(row) for row in rows]
    if sum(share for _address, share in testing) != WHOLE:
        raise RefusedError(BAD_VALUE, "The percentages must be 100 in all")
    link.testing = [{"link": address, "percentage": share} for address, share in testing]
    return {}


def delete_link(call: Call) -> Body:
    """Delete link, with its trackers."""
    link = call.link()
    call.state.links.remove(link)
    call.state.link_trackers = [each for each in call.state.link_trackers if each.owner != link.id]
    return {}


def _domain(call: Call) -> Domain:
    """The domain of the parameter `domainId`, of the team of `teamId`."""
    team_id, domain_id = call.text("teamId"), call.text("domainId")
    if not call.state.has_team(team_id):
        raise RefusedError(UNKNOWN_THING, "Team not found")
    domains = [each for each in call.state.domains if each.id == domain_id and each.team_id == team_id]
    if not domains:
        raise RefusedError(UNKNOWN_THING, "Domain not found")
    return domains[0]


def _has_campaign(call: Call, team_id: str, campaign_id: str) -> bool:
    return any(each.id == campaign_id and each.team_id == team_id for each in call.state.campaigns)


def _free_code(call: Call, domain: Domain) -> str:
    while True:
        code = f"n{call.state.number():04x}"
        if not call.state.is_taken(domain, code):
            return code


def _utm(call: Call) -> dict[str, str]:
    given = {name: call.optional(name) for name in UTM}
    return {name: value for name, value in given.items() if value is not None}


def _variant(row: object) -> tuple[str, int]:
    address, share = (row.get("link"), row.get("percentage")) if isinstance(row, dict) else (None, None)
    if not isinstance(address, str) or not isinstance(share, int) or not 1 <= share <= WHOLE:
        raise RefusedError(BAD_VALUE, "testing must hold objects with link and percentage (1-100)")
    return _web_address(address, "link"), share


def _web_address(text: str, name: str) -> str:
    if urlsplit(text).scheme not in {"http", "https"}:
        raise RefusedError(BAD_VALUE, f"{name} must be a link")
    return text
