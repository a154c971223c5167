"""The endpoints of the user, the organization and the groups."""

from datetime import timedelta

from starlette.requests import Request

from linkweave.providers.bitly.emulator.access import CALLS_AN_HOUR, Access
from linkweave.providers.bitly.emulator.refusals import refused
from linkweave.providers.bitly.emulator.store import User, iso


async def read_user(user: User, _: Request) -> object:
    """GET /user."""
    return {
        "login": user.login,
        "name": "Marketing",
        "is_active": True,
        "created": iso(user.clock.now() - timedelta(days=900)),
        "modified": iso(user.clock.now() - timedelta(days=9)),
        "is_sso_user": False,
        "is_2fa_enabled": True,
        "emails": [{"email": "marketing@example.com", "is_primary": True, "is_verified": True}],
        "default_group_guid": user.default,
    }


async def list_groups(user: User, request: Request) -> object:
    """GET /groups."""
    wanted = request.query_params.get("organization_guid")
    if wanted not in {None, user.organization}:
        raise refused("FORBIDDEN", "organizations")
    made = user.clock.now() - timedelta(days=900)
    return {"groups": [group.to_json(user.organization, made) for group in user.groups.values()]}


async def list_organizations(user: User, _: Request) -> object:
    """GET /organizations."""
    made = iso(user.clock.now() - timedelta(days=900))
    organization = {
        "guid": user.organization,
        "name": "Example shop",
        "is_active": True,
        "tier": user.plan.tier,
        "tier_family": user.plan.tier,
        "tier_display_name": user.plan.tier.title(),
        "role": "org-admin",
        "created": made,
        "modified": made,
        "bsds": [name for group in user.groups.values() for name in group.domains],
    }
    return {"organizations": [organization]}


async def read_plan_limits(user: User, request: Request) -> object:
    """GET /organizations/{organization_guid}/plan_limits. The name of the counter of calls is a guess."""
    if request.path_params["organization"] != user.organization:
        raise refused("FORBIDDEN", "organizations")
    month = user.month()
    rows = (
        ("encodes", "Links", user.plan.encodes, user.encodes[month]),
        ("api_requests", "Calls of the API", user.plan.calls, user.calls[month]),
    )
    limits = [{"name": name, "description": text, "limit": limit, "count": n} for name, text, limit, n in rows]
    return {"organization_guid": user.organization, "plan_limits": limits, "references": {}}


def platform_limits(access: Access, user: User) -> object:
    """GET /user/platform_limits."""
    rows = []
    for line, count in access.counts(user).items():
        method, _, template = line.partition(" ")
        methods = [{"name": method, "limit": CALLS_AN_HOUR, "count": count}]
        rows.append({"endpoint": template, "methods": methods})
    return {"platform_limits": rows}


async def list_domains(user: User, _: Request) -> object:
    """GET /bsds."""
    return {"bsds": [name for group in user.groups.values() for name in group.domains]}


async def list_tags(user: User, request: Request) -> object:
    """GET /groups/{group_guid}/tags."""
    links = user.group(request.path_params["group"]).links
    return {"tags": sorted({tag for link in links for tag in link.tags})}
