"""Webhooks: their endpoints, and what they send (FOUND in the source)."""

import hmac
import json
from typing import Final

from starlette.requests import Request

from linkweave.providers.dub.emulator.workspace import StoredLink, StoredWebhook, Workspace, iso, refused
from linkweave.providers.emulator_kit import SentWebhook, json_object

_TRIGGERS: Final = frozenset({"link.created", "link.updated", "link.deleted", "link.clicked"})
_MAX_NAME: Final = 40


async def list_webhooks(workspace: Workspace, _: Request) -> object:
    """GET /webhooks."""
    return [hook.to_json() for hook in workspace.webhooks]


async def create(workspace: Workspace, request: Request) -> object:
    """POST /webhooks."""
    body = await json_object(request) or {}
    name, url, triggers = body.get("name"), body.get("url"), body.get("triggers")
    if not isinstance(name, str) or not 1 <= len(name) <= _MAX_NAME or not isinstance(url, str):
        raise refused("unprocessable_entity", "invalid_type: name: Required")
    if not isinstance(triggers, list) or not triggers or not _TRIGGERS.issuperset(triggers):
        raise refused("unprocessable_entity", "invalid_enum_value: triggers")
    if "link.clicked" in triggers and body.get("linkScope") not in {"workspace", "folders", "links"}:
        raise refused("unprocessable_entity", "invalid_type: linkScope: Required")
    number = workspace.new_id("wh")
    hook = StoredWebhook(number, name, url, f"whsec_{number}", tuple(triggers), body.get("linkScope"))
    workspace.webhooks.append(hook)
    return hook.to_json()


async def delete(workspace: Workspace, request: Request) -> object:
    """DELETE /webhooks/{id}."""
    for hook in workspace.webhooks:
        if hook.id == request.path_params["id"]:
            workspace.webhooks.remove(hook)
            return {"id": hook.id}
    raise refused("not_found", "Webhook not found.")


def notify(workspace: Workspace, event: str, data: dict[str, object]) -> None:
    """Send an event to each webhook that it triggers."""
    body = {"id": workspace.new_id("evt"), "event": event, "createdAt": iso(workspace.clock.now()), "data": data}
    content = json.dumps(body).encode()
    for hook in workspace.webhooks:
        if event in hook.triggers:
            signature = hmac.digest(hook.secret.encode(), content, "sha256").hex()
            headers = (("content-type", "application/json"), ("dub-signature", signature))
            workspace.send(SentWebhook("POST", hook.url, headers, content))


def click(workspace: Workspace, key: str) -> None:
    """Count a click of the first link with this key, and tell of it."""
    link = next(each for each in workspace.links if each.key == key)
    now = workspace.clock.now()
    link.days[now.date()] += 1
    notify(workspace, "link.clicked", {"click": _click(link, iso(now)), "link": workspace.to_json(link)})


def _click(link: StoredLink, timestamp: str) -> dict[str, object]:
    return {
        "id": "d0UtZqE0BZuBPrJS",
        "timestamp": timestamp,
        "url": link.url,
        "country": "US",
        "city": "San Francisco",
        "region": "US-CA",
        "continent": "NA",
        "device": "Desktop",
        "browser": "Chrome",
        "os": "Mac OS",
        "referer": "(direct)",
        "refererUrl": "(direct)",
        "qr": False,
        "ip": "203.0.113.7",
    }
