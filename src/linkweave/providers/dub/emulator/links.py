"""Lists, reads, creates, changes and deletes links."""

from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.dub.emulator.fields import change, new_link
from linkweave.providers.dub.emulator.webhooks import notify
from linkweave.providers.dub.emulator.workspace import StoredLink, Workspace, refused
from linkweave.providers.emulator_kit import json_object, number_in

_MAX_PAGE: Final = 100
_OF_ANOTHER: Final = "of-another-workspace"
# A filter by one of these looks at the links of all folders (FOUND).
_UNFOLDED: Final = ("search", "domain", "tagId", "tagIds", "tagNames", "tenantId", "linkIds")


async def list_links(workspace: Workspace, request: Request) -> object:
    """GET /links, newest first; without a folder and without any filter, only links outside of all folders (FOUND)."""
    query = request.query_params
    size = number_in(request, "pageSize", _MAX_PAGE)
    if size is None or not 1 <= size <= _MAX_PAGE:
        raise refused("unprocessable_entity", "too_big: pageSize: Number must be less than or equal to 100")
    if query.get("showArchived", "false") not in {"true", "false"}:
        raise refused("unprocessable_entity", "invalid_enum_value: showArchived")
    domain = query.get("domain")
    if domain and domain != "dub.sh" and all(each.slug != domain for each in workspace.domains):
        raise refused("forbidden", "Domain does not belong to workspace.")
    found = sorted((link for link in workspace.links if _wanted(request, link)), key=lambda link: link.id, reverse=True)
    after = query.get("startingAfter")
    if after is not None:
        if all(link.id != after for link in workspace.links):
            raise refused("unprocessable_entity", "Invalid cursor: link not found.")
        found = [link for link in found if link.id < after]
    return [workspace.to_json(link) for link in found[:size]]


async def read_link(workspace: Workspace, request: Request) -> object:
    """GET /links/info."""
    query = request.query_params
    if query.get("domain") and query.get("key"):
        if query["key"] == _OF_ANOTHER:
            raise refused("unauthorized", "You are not authorized to access this link.")
        link = workspace.named(query["domain"], query["key"])
        if link is None:
            raise refused("not_found", "Link not found.")
        return workspace.to_json(link)
    name = query.get("linkId") or query.get("externalId")
    if not name:
        raise refused("bad_request", "You must provide a domain and a key, or a linkId, or an externalId.")
    return workspace.to_json(workspace.find(name))


async def create(workspace: Workspace, request: Request) -> object:
    """POST /links. The same URL twice makes two links."""
    link = new_link(workspace, await body_of(request))
    workspace.links.append(link)
    notify(workspace, "link.created", workspace.to_json(link))
    return workspace.to_json(link)


async def update(workspace: Workspace, request: Request) -> object:
    """PATCH /links/{id}."""
    link = find_by_path(workspace, request)
    change(workspace, link, await body_of(request))
    notify(workspace, "link.updated", workspace.to_json(link))
    return workspace.to_json(link)


async def delete(workspace: Workspace, request: Request) -> object:
    """DELETE /links/{id}."""
    link = find_by_path(workspace, request)
    workspace.links.remove(link)
    notify(workspace, "link.deleted", workspace.to_json(link))
    return {"id": link.id}


def find_by_path(workspace: Workspace, request: Request) -> StoredLink:
    """The link in the path. Another workspace's is 401 (FOUND)."""
    if request.path_params["id"] == f"link_{_OF_ANOTHER}":
        raise refused("unauthorized", "You are not authorized to access this link.")
    return workspace.find(request.path_params["id"])


async def body_of(request: Request) -> dict[str, Any]:
    """The object in the body."""
    given = await json_object(request)
    if given is None:
        raise refused("bad_request", "Invalid JSON format in request body.")
    return given


def _wanted(request: Request, link: StoredLink) -> bool:
    query = request.query_params
    tags = {name.lower() for name in query.get("tagNames", "").split(",") if name}
    return (
        _in_folder(request, link)
        and (query.get("showArchived") == "true" or not link.fields.get("archived"))
        and ("domain" not in query or link.domain == query["domain"])
        and (not tags or any(tag.name.lower() in tags for tag in link.tags))
        and ("linkIds" not in query or link.id in query["linkIds"].split(","))
        and ("userId" not in query or link.fields.get("userId") == query["userId"])
        and query.get("search", "").lower() in f"https://{link.domain}/{link.key} {link.url}".lower()
    )


def _in_folder(request: Request, link: StoredLink) -> bool:
    folder = request.query_params.get("folderId")
    if folder is not None:
        return link.folder_id == (None if folder == "unsorted" else folder)
    return link.folder_id is None or any(request.query_params.get(name) for name in _UNFOLDED)
