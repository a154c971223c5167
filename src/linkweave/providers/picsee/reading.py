"""Asking PicSee for links: a page of one of its lists, or one link by its slug."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linkweave.errors import NotFoundError
from linkweave.models import Link, Page
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.links import from_item, from_overview, link_path
from linkweave.providers.picsee.listing import PAGE_SIZE, page_call
from linkweave.providers.picsee.wire import ListAnswer, ListItem, OverviewAnswer
from linkweave.providers.read_capabilities import Lane
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource


@dataclass(frozen=True, slots=True)
class _Links:
    """Makes a page of a list that was narrowed to `starred` and `external_id`."""

    starred: bool
    external_id: str | None

    def __call__(self, answer: ListAnswer, at: datetime) -> Page[Link]:
        links = (from_item(item, starred=self.starred, external_id=self.external_id, at=at) for item in answer.data)
        oldest = _next_page(answer.data)
        return Page(tuple(links), at, None if oldest is None else str(oldest))


async def read_page(adapter: Adapter, lane: Lane, page: str | None) -> Page[Link]:
    """At most 50 links; the token of the next page is the smallest mapId of this one.

    Raises:
        BadResponseError: among others, when the list does not get on.
    """
    call = page_call(lane.query, page)
    links = _Links(lane.query["isStar"] == "true", lane.query.get("externalId"))

    def check(answer: ListAnswer) -> None:
        oldest = _next_page(answer.data)
        if page is not None and oldest is not None and oldest >= int(page):
            raise adapter.bad_response(call, "the list repeats itself")

    return (await adapter.fetch_as(ListAnswer, call, links, check))[0]


async def read_overview(adapter: Adapter, handle: str) -> Link | None:
    """The link by itself; None where PicSee has none of this slug."""
    operation = "get link"
    try:
        call = Call(operation, "GET", f"/v1/links/{segment(adapter, handle, operation)}/overview", reads=Resource.LINK)
        answer, fetched = await adapter.fetch(OverviewAnswer, call)
    except NotFoundError:
        return None
    return from_overview(handle, answer.data, fetched.at)


def segment(adapter: Adapter, handle: str, operation: str) -> str:
    """The slug as one segment of a path.

    Raises:
        NotFoundError: no link can be called so; no call was made.
    """
    slug = link_path(handle)
    if slug is None:
        raise no_such_link(adapter, operation)
    return slug


def no_such_link(adapter: Adapter, operation: str) -> NotFoundError:
    """What to raise where there is no link to do something with."""
    message = f"{adapter.account}: no such link ({operation})"
    return NotFoundError(message, account=adapter.account, operation=operation)


def _next_page(items: Sequence[ListItem]) -> int | None:
    return None if len(items) < PAGE_SIZE else min(item.map_id for item in items)
