"""The events that follow from hints, once their links were read."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from linkweave.events.events import ClickEvent, LinkEvent
from linkweave.gather.webhooks.hinted_links import HintedLinks
from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.providers.webhook_capabilities import HintKind, LinkHint

# A vendor's time outside of these is not believed.
_EARLIEST: Final = timedelta(days=1)
_LATEST: Final = timedelta(minutes=5)


def click_events(account: str, hints: Sequence[LinkHint], links: HintedLinks, now: datetime) -> list[ClickEvent]:
    """Returns an event for each click of a link that the vendor has."""
    return [
        ClickEvent(
            account,
            link.handle,
            _believed(hint.at, now),
            SeenBy.WEBHOOK,
            1,
            link,
            country=hint.country,
            device=hint.device,
            referrer=hint.referrer,
        )
        for hint in hints
        if hint.kind is HintKind.CLICKED and isinstance(link := links.get(hint.name), Link)
    ]


def clicks_by_handle(events: Sequence[ClickEvent]) -> Counter[str]:
    """Returns how many clicks of each link the events tell of."""
    return Counter(event.handle for event in events)


def change_events(account: str, hints: Sequence[LinkHint], links: HintedLinks, now: datetime) -> list[LinkEvent]:
    """Returns the changes that the vendor confirms. Where there is no catalog, it is not known what has changed."""
    events = []
    for hint in hints:
        link, kind = links.get(hint.name), _KINDS.get(hint.kind)
        is_there = isinstance(link, Link)
        if kind is not None and not isinstance(link, Exception) and is_there is (kind is not ChangeKind.DELETED):
            handle = link.handle if isinstance(link, Link) else hint.handle
            events.append(LinkEvent(account, handle or "", kind, now, SeenBy.WEBHOOK, link))
    return events


def gone_handles(hints: Sequence[LinkHint], links: HintedLinks) -> list[str]:
    """Returns the handles of links that were changed or deleted, and that the vendor has no more."""
    handles = {hint.handle: None for hint in hints if hint.kind is not HintKind.CLICKED and links[hint.name] is None}
    return [handle for handle in handles if handle is not None]


_KINDS: Final = {
    HintKind.CREATED: ChangeKind.CREATED,
    HintKind.UPDATED: ChangeKind.UPDATED,
    HintKind.DELETED: ChangeKind.DELETED,
}


def _believed(at: datetime | None, now: datetime) -> datetime:
    return at if at is not None and now - _EARLIEST <= at <= now + _LATEST else now
