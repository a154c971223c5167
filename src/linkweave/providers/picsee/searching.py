"""What PicSee's search on the advanced plan can narrow a list by."""

from collections.abc import Awaitable, Callable

from linkweave.errors import VendorError
from linkweave.models import LinkFilter
from linkweave.providers.picsee.listing import searchable, tag_to_search


async def search_for(wanted: LinkFilter, list_tags: Callable[[], Awaitable[tuple[str, ...]]]) -> dict[str, str]:
    """The body of the search; nothing where the gateway has to look itself. Asks for the tags to search for one."""
    tag = tag_to_search(wanted)
    if tag is not None:
        spelled = await _spelling(tag, list_tags)
        return {} if spelled is None else {"tag": spelled}
    if wanted.search is not None and searchable(wanted.search):
        return {"keyword": wanted.search}
    return {}


async def _spelling(tag: str, list_tags: Callable[[], Awaitable[tuple[str, ...]]]) -> str | None:
    """How the account spells `tag`: filters on tags ignore case, and whether PicSee's search does is not known."""
    try:
        known = {name for name in await list_tags() if name.casefold() == tag.casefold()} or {tag}
    except VendorError:
        return None
    return known.pop() if len(known) == 1 else None
