"""Which links of a call with `disable_long_url_duplicates` are new: the vendor's answer does not tell.

An existing link's clicks, where it has any, give it away. For the others two looks at the domain's list, which
starts with the newest link (DOC), tell for certain: what stands above the link that was the newest before the call
was made since. A link on another domain than the call's was not made by it.
"""

from collections.abc import Sequence
from dataclasses import replace

from linkweave.errors import VendorError
from linkweave.models.changes import WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc.fetching import ask_urls
from linkweave.providers.tinycc.handles import GROUP_LIMIT
from linkweave.providers.tinycc.inferred import NEWEST_MARGIN
from linkweave.transport.call import Pairs


async def newest_handle(vendor: Adapter, query: Pairs) -> str | None:
    """The newest link of the domain that `query` names; None where it has none."""
    handles = await _newest(vendor, query, 1)
    return handles[0] if handles else None


async def mark_reused(
    vendor: Adapter, query: Pairs, results: Sequence[WrittenLink | VendorError], newest: str | None
) -> list[WrittenLink | VendorError]:
    """`results` with `created` as it is; `newest` was the newest link before the call."""
    handles = [result.link.handle for result in results if isinstance(result, WrittenLink) and _may_be_new(result)]
    made = set(handles) - {newest}
    if made:
        try:
            listed = await _newest(vendor, query, min(len(results) + NEWEST_MARGIN, GROUP_LIMIT))
        except VendorError:
            # The links are there, and nobody can say any more whether they were before.
            listed = [*made]
        above = listed[: listed.index(newest)] if newest in listed else listed
        made &= set(above)
    return _marked(results, made)


def _may_be_new(result: WrittenLink) -> bool:
    return not (result.link.included and result.link.included.clicks)


def _marked(results: Sequence[WrittenLink | VendorError], made: set[str]) -> list[WrittenLink | VendorError]:
    marked: list[WrittenLink | VendorError] = []
    seen: set[str] = set()
    for result in results:
        if isinstance(result, VendorError):
            marked.append(result)
            continue
        handle = result.link.handle
        # A second input to the same destination gets the link that the first one made.
        marked.append(replace(result, created=handle in made and handle not in seen))
        seen.add(handle)
    return marked


async def _newest(vendor: Adapter, query: Pairs, count: int) -> list[str]:
    domain = tuple(pair for pair in query if pair[0] == "domain")
    _, links = await ask_urls(vendor, "list newest links", (*domain, ("offset", "0"), ("limit", str(count))))
    return [link.handle for link in links.items]
