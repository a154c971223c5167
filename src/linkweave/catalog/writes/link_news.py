"""What the catalog has stored of links, as events for subscribers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.events.events import LinkEvent
from linkweave.models.link_changes import ChangeKind

# A link that was created longer ago is no news where the catalog did not know all links of its account before.
_NEW: Final = timedelta(hours=1)


def link_events(changes: Iterable[ChangedLink]) -> list[LinkEvent]:
    """Returns the events of `changes`."""
    return [
        LinkEvent(each.account, each.link.handle, each.kind, each.at, each.seen_by, each.link, dict(each.fields))
        for each in changes
    ]


def news_of(changes: Iterable[ChangedLink]) -> list[ChangedLink]:
    """Returns those of `changes` that have just happened, where the catalog did not know all links of the account.

    A link that is seen for the first time there may be an old one. It is news if its vendor says that it is new.
    """
    return [each for each in changes if each.kind is not ChangeKind.CREATED or _is_new(each)]


def _is_new(change: ChangedLink) -> bool:
    created_at = change.link.created_at
    return created_at is not None and change.at - created_at <= _NEW
