"""The endpoints below /tags, /domains and /account."""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import json_object
from linkweave.providers.rebrandly.emulator.paging import page_of
from linkweave.providers.rebrandly.emulator.store import Store, StoredTag, Workspace, invalid, missing, taken

_COLOR: Final = re.compile(r"[0-9a-fA-F]{6}")
_NAME: Final = range(3, 256)


class AccountEndpoints:
    """Tags and domains of the workspace that the request names, and the user."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_tags(self, request: Request) -> object:
        """GET /tags, by name; descending unless `orderDir=asc`."""
        descending = request.query_params.get("orderDir", "desc") != "asc"
        tags = sorted(self._store.workspace(request).tags, key=lambda tag: tag.name, reverse=descending)
        return [tag.to_json() for tag in page_of(request, tags)]

    async def get_tag(self, request: Request) -> object:
        """GET /tags/{id}."""
        return _find_tag(request, self._store.workspace(request)).to_json()

    async def create_tag(self, request: Request) -> object:
        """POST /tags."""
        workspace = self._store.workspace(request)
        name, color = _tag_values(await json_object(request) or {}, workspace.tags)
        tag = StoredTag(self._store.new_id(), name, color)
        workspace.tags.append(tag)
        return tag.to_json()

    async def update_tag(self, request: Request) -> object:
        """POST /tags/{id}."""
        workspace = self._store.workspace(request)
        tag = _find_tag(request, workspace)
        others = [each for each in workspace.tags if each is not tag]
        tag.name, tag.color = _tag_values(await json_object(request) or {}, others)
        return tag.to_json()

    async def delete_tag(self, request: Request) -> object:
        """DELETE /tags/{id}. The links lose the tag."""
        workspace = self._store.workspace(request)
        tag = _find_tag(request, workspace)
        workspace.tags.remove(tag)
        for link in workspace.links:
            link.tags = [each for each in link.tags if each is not tag]
        return tag.to_json()

    async def list_domains(self, request: Request) -> object:
        """GET /domains."""
        return [domain.to_json() for domain in page_of(request, self._store.workspace(request).domains)]

    async def get_account(self, _: Request) -> object:
        """GET /account, whatever the workspace. Some counters have `max`, newer ones `included`."""
        workspaces = self._store.workspaces.values()
        limits = {
            "links": {"used": sum(len(each.links) for each in workspaces), "max": 1_000},
            "domains": {"used": 2, "max": 5},
            "workspaces": {"used": len(workspaces), "included": 10},
            "tags": {"used": sum(len(each.tags) for each in workspaces), "max": 50},
        }
        features = {"links": {"tags": True, "notes": True}, "clicks": {"total": True, "last": True}}
        times = {"createdAt": "2024-07-13T10:54:12.000Z", "expiredAt": "2027-07-13T10:54:12.000Z"}
        return {
            "id": "3aeh0000000000000000000000000001",
            "username": "marketing",
            "email": "marketing@example.com",
            "fullName": "Marketing",
            "createdAt": "2024-07-13T10:54:12.000Z",
            "subscription": {"category": "pro", **times, "limits": limits, "features": features},
        }


def _find_tag(request: Request, workspace: Workspace) -> StoredTag:
    for tag in workspace.tags:
        if tag.id == request.path_params["id"]:
            return tag
    raise missing("id")


def _tag_values(given: Mapping[str, Any], others: list[StoredTag]) -> tuple[str, str]:
    name, color = given.get("name"), given.get("color")
    if not isinstance(name, str):
        raise invalid("RequiredField", "name")
    if len(name) not in _NAME:
        raise invalid("InvalidLength", "name")
    if not isinstance(color, str) or not _COLOR.fullmatch(color):
        raise invalid("InvalidFormat", "color")
    if any(tag.name.casefold() == name.casefold() for tag in others):
        raise taken("name")
    return name, color
