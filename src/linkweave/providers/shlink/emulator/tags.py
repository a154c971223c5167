"""Lists, renames and deletes tags. A tag comes into being with a short URL that has it."""

from starlette.requests import Request

from linkweave.providers.emulator_kit import json_object
from linkweave.providers.shlink.emulator.problems import invalid_data, problem
from linkweave.providers.shlink.emulator.server import Server, page_of, refused
from linkweave.providers.shlink.emulator.short_urls import number


async def list_tags(server: Server, request: Request) -> object:
    """GET /tags: all on one page, unless another size is asked for."""
    tags: list[object] = [*server.tags()]
    return {"tags": page_of(tags, number(request, "page", 1), number(request, "itemsPerPage", max(1, len(tags))))}


async def rename(server: Server, request: Request) -> object:
    """PUT /tags."""
    given = await json_object(request) or {}
    old, new = given.get("oldName"), given.get("newName")
    if not isinstance(old, str) or not isinstance(new, str) or not new:
        raise invalid_data("oldName", "newName")
    if old not in server.tags():
        raise refused(old, "Tag")
    if new != old and new in server.tags():
        detail = f"You cannot rename tag {old} to {new}, because it already exists."
        raise problem(409, "tag-conflict", "Tag conflict", detail, oldName=old, newName=new)
    for short_url in server.short_urls:
        short_url.tags = [new if tag == old else tag for tag in short_url.tags]
    return None


async def delete(server: Server, request: Request) -> object:
    """DELETE /tags: unknown ones are no error."""
    gone = frozenset(request.query_params.getlist("tags[]"))
    for short_url in server.short_urls:
        short_url.tags = [tag for tag in short_url.tags if tag not in gone]
    return None
