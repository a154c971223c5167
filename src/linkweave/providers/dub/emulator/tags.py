"""Lists, creates, renames and deletes tags."""

from starlette.requests import Request

from linkweave.providers.dub.emulator.links import body_of
from linkweave.providers.dub.emulator.reads import page_of
from linkweave.providers.dub.emulator.workspace import StoredTag, Workspace, refused


async def list_tags(workspace: Workspace, request: Request) -> object:
    """GET /tags, by name."""
    tags = sorted(workspace.tags, key=lambda tag: tag.name.lower())
    return page_of(request, [tag.to_json() for tag in tags], 100)


async def create(workspace: Workspace, request: Request) -> object:
    """POST /tags."""
    tag = StoredTag(workspace.new_id("tag"), _free_name(workspace, await body_of(request), None))
    workspace.tags.append(tag)
    return tag.to_json()


async def rename(workspace: Workspace, request: Request) -> object:
    """PATCH /tags/{id}."""
    tag = _find(workspace, request)
    tag.name = _free_name(workspace, await body_of(request), tag)
    return tag.to_json()


async def delete(workspace: Workspace, request: Request) -> object:
    """DELETE /tags/{id}."""
    tag = _find(workspace, request)
    workspace.tags.remove(tag)
    for link in workspace.links:
        link.tags = [each for each in link.tags if each is not tag]
    return {"id": tag.id}


def _find(workspace: Workspace, request: Request) -> StoredTag:
    for tag in workspace.tags:
        if tag.id == request.path_params["id"]:
            return tag
    raise refused("not_found", "Tag not found.")


def _free_name(workspace: Workspace, given: dict[str, object], own: StoredTag | None) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 190:  # noqa: PLR2004 - DOC
        raise refused("unprocessable_entity", "invalid_type: name")
    if any(tag is not own and tag.name.lower() == name.lower() for tag in workspace.tags):
        raise refused("conflict", "A tag with that name already exists.")
    return name
