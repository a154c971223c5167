"""Creates, changes and deletes up to 100 links with one call."""

from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.dub.emulator.fields import change, new_link
from linkweave.providers.dub.emulator.links import body_of
from linkweave.providers.dub.emulator.workspace import Workspace, refused
from linkweave.providers.emulator_kit import RefusedError

_MAX: Final = 100
_EXCLUDED: Final = ("domain", "key", "externalId", "keyLength", "prefix")


async def create(workspace: Workspace, request: Request) -> object:
    """POST /links/bulk: errors are at the end (FOUND)."""
    bodies = await request.json()
    if not isinstance(bodies, list) or not 1 <= len(bodies) <= _MAX:
        raise refused("unprocessable_entity", "You can only create up to 100 links at a time.")
    keys = [(body.get("domain"), str(body["key"]).lower()) for body in bodies if body.get("key")]
    if len(keys) != len(set(keys)):
        raise refused("bad_request", "Duplicate links found.")
    made: list[object] = []
    failed: list[object] = []
    for body in bodies:
        try:
            link = new_link(workspace, body)
        except RefusedError as refusal:
            failed.append({"link": body, **_entry(refusal)})
        else:
            workspace.links.append(link)
            made.append(workspace.to_json(link))
    return [*made, *failed]


async def update(workspace: Workspace, request: Request) -> object:
    """PATCH /links/bulk: the same changes to all."""
    given = await body_of(request)
    ids, data = given.get("linkIds") or [], given.get("data")
    if not isinstance(data, dict) or len(ids) > _MAX or any(name in data for name in _EXCLUDED):
        raise refused("unprocessable_entity", "invalid_type: data")
    if not ids:
        return "No links to update"
    changed: list[object] = []
    failed: list[object] = []
    for link_id in ids:
        try:
            link = workspace.find(link_id)
            change(workspace, link, data)
        except RefusedError as refusal:
            failed.append({"link": {"id": link_id}, **_entry(refusal)})
        else:
            changed.append(workspace.to_json(link))
    return [*changed, *failed]


async def delete(workspace: Workspace, request: Request) -> object:
    """DELETE /links/bulk: unknown ids are passed over."""
    ids = [each for each in request.query_params.get("linkIds", "").split(",") if each]
    if not ids:
        raise refused("bad_request", "Please provide linkIds to delete.")
    gone = [link for link in workspace.links if link.id in ids]
    workspace.links = [link for link in workspace.links if link not in gone]
    return {"deletedCount": len(gone)}


def _entry(refusal: RefusedError) -> dict[str, object]:
    body: Any = refusal.body
    return {"error": body["error"]["message"], "code": body["error"]["code"]}
