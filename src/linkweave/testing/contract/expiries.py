"""An expiry for each of its parts, and what an adapter says of it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from linkweave.models import Expiry, ExpiryPart
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.base import Adapter
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks

_URL = "https://www.example.com/over"


def expiries(today: date) -> Mapping[ExpiryPart, Expiry]:
    """Returns an expiry with each part, and with the parts that this one is about."""
    day = today + timedelta(days=30)
    return {
        ExpiryPart.AT: Expiry(at=day),
        ExpiryPart.AFTER_CLICKS: Expiry(after_clicks=100),
        ExpiryPart.COUNT_UNIQUE_ONLY: Expiry(after_clicks=100, count_unique_only=True),
        ExpiryPart.REDIRECT_TO: Expiry(at=day, redirect_to=_URL),
        ExpiryPart.REDIRECT_TO_AFTER_CLICKS: Expiry(after_clicks=100, redirect_to_after_clicks=_URL),
    }


def expiry_problems(adapter: Adapter, expiry: Expiry) -> Iterator[set[str]]:
    """Yields the parts that a create refuses, and those that an update does, where they take an expiry."""
    if isinstance(adapter, CanCreateLinks) and "expiry" in adapter.creatable:
        problems = adapter.check_new_link(NewLink("https://www.example.com/", expiry=expiry))
        yield {each.path[-1] for each in problems if each.path[0] == "expiry"}
    if isinstance(adapter, CanUpdateLinks) and "expiry" in adapter.updatable:
        problems = adapter.check_patch(LinkPatch(expiry=expiry))
        yield {each.path[-1] for each in problems if each.path[0] == "expiry"}
