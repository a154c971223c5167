"""Webhooks: their endpoints, and the click that they send (DOC)."""

from typing import Final
from uuid import UUID

from starlette.requests import Request

from linkweave.providers.bitly.emulator.refusals import refused
from linkweave.providers.bitly.emulator.store import API, StoredWebhook, User, iso
from linkweave.providers.emulator_kit import json_object, json_webhook

_CREATED: Final = 201
_NO_CONTENT: Final = 204


async def list_webhooks(user: User, request: Request) -> object:
    """GET /organizations/{organization_guid}/webhooks."""
    user.require_paid()
    if request.path_params["organization"] != user.organization:
        raise refused("FORBIDDEN", "organizations")
    return {"webhooks": [hook.to_json(user.organization) for hook in user.webhooks]}


async def create(user: User, request: Request) -> object:
    """POST /webhooks."""
    user.require_paid()
    body = await json_object(request) or {}
    if body.get("organization_guid") != user.organization:
        raise refused("FORBIDDEN", "webhooks")
    if body.get("event") != "decodes" or not body.get("name") or not str(body.get("url", "")).startswith("http"):
        raise refused("INVALID_ARG_EVENT", "webhooks")
    hook = StoredWebhook(f"W{len(user.webhooks_made):08d}", body["name"], body["url"], body.get("group_guid"))
    user.webhooks_made.append(hook.guid)
    user.webhooks.append(hook)
    return _CREATED, hook.to_json(user.organization)


async def delete(user: User, request: Request) -> object:
    """DELETE /webhooks/{webhook_guid}."""
    for hook in user.webhooks:
        if hook.guid == request.path_params["webhook"]:
            user.webhooks.remove(hook)
            return _NO_CONTENT, None
    raise refused("NOT_FOUND", "webhooks")


def click(user: User, slug: str) -> None:
    """Count a click of the first link with this back-half, and tell of it."""
    group, link = next(
        (group, link) for group in user.groups.values() for link in group.links if link.id.endswith(f"/{slug}")
    )
    now = user.clock.now()
    link.days[now.date()] += 1
    for number, hook in enumerate(user.webhooks):
        if hook.group in {None, group.guid}:
            body = {
                "event_id": str(UUID(int=round(now.timestamp() * 1_000_000) * 100 + number)),
                "datetime": iso(now),
                "url": link.long_url,
                "bitlink": link.id,
                "passed_params": "",
                "country": "US",
                "referrer": "direct",
                "device_type": "Desktop",
                "webhook_guid": hook.guid,
                "organization_guid": user.organization,
                "group_guid": group.guid,
                "references": {"bitlink": f"{API}/bitlinks/{link.id}", "group": f"{API}/groups/{group.guid}"},
            }
            user.send(json_webhook(hook.url, body))
