"""Takes what webhooks say, and tells of it once the vendor has confirmed it: one account after the other's hints."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from linkweave.accounts import Account
from linkweave.clock import Clock
from linkweave.errors import ErrorCode, VendorError
from linkweave.events.events import Event
from linkweave.gather.webhooks.hint_events import change_events, click_events, clicks_by_handle, gone_handles
from linkweave.gather.webhooks.hinted_links import HintedLinks, read_hinted_links
from linkweave.models import Link
from linkweave.observability import Observer
from linkweave.providers.webhook_capabilities import HintKind, LinkHint

MAX_WAITING: Final = 5_000
"""Maximum number of hints that wait at one account. Further ones are dropped."""
# Hints whose links are read together.
_BATCH: Final = 100
# Seconds before a vendor that did not answer is asked again; after the last time, its hints are dropped.
_PAUSES: Final = (1.0, 5.0, 15.0, 60.0)
_TEMPORARY: Final = frozenset({ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE, ErrorCode.RATE_LIMITED})
# Seconds for which closing reads what waits.
_CLOSE_SECONDS: Final = 2.0

Publish: TypeAlias = Callable[[Sequence[Event]], None]


class HintRecorder(Protocol):
    """The catalog's recorder, as far as webhooks need it."""

    async def told_by_webhook(
        self, account: str, links: Sequence[Link], gone: Sequence[str], clicks: Mapping[str, int]
    ) -> None:
        """Stores links as they are now, those that are gone, and how many clicks of each webhooks have told of."""
        ...


@dataclass(slots=True)
class _Lane:
    """The hints of one account that wait, in the order in which they came."""

    account: Account
    waiting: deque[LinkHint] = field(default_factory=deque)
    work: asyncio.Task[None] | None = None

    def take(self) -> list[LinkHint]:
        """Returns the next hints. A link's clicks and its changes are not among the same, so that their order stays."""
        taken: list[LinkHint] = []
        clicked: dict[tuple[str, ...], bool] = {}
        while self.waiting and len(taken) < _BATCH:
            hint = self.waiting[0]
            is_click = hint.kind is HintKind.CLICKED
            if clicked.setdefault(hint.name, is_click) is not is_click:
                break
            taken.append(self.waiting.popleft())
        return taken


class WebhookIntake:
    """Reads the links of hints and tells of them. `recorder` is None without a catalog, which tells of changes then."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        recorder: HintRecorder | None,
        publish: Publish,
        observer: Observer,
        clock: Clock,
    ) -> None:
        self._lanes = {key: _Lane(account) for key, account in accounts.items()}
        self._recorder = recorder
        self._publish = publish
        self._observer = observer
        self._clock = clock

    def take(self, account: str, hints: Sequence[LinkHint]) -> None:
        """Lets `hints` wait until their links are read. Never waits itself."""
        lane = self._lanes[account]
        for hint in hints:
            if len(lane.waiting) < MAX_WAITING:
                lane.waiting.append(hint)
            else:
                self._observer.webhook_hint_ended(account, "dropped")
        if lane.work is None or lane.work.done():
            # The task outlives the request that starts it, and has nothing of its context.
            lane.work = asyncio.get_running_loop().create_task(self._work(lane), context=Context())

    async def close(self) -> None:
        """Reads what waits, as far as there is time."""
        tasks = [lane.work for lane in self._lanes.values() if lane.work is not None and not lane.work.done()]
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, lane: _Lane) -> None:
        while hints := lane.take():
            try:
                await self._settle(lane.account, hints)
            except Exception:
                logging.getLogger("linkweave").exception("%s: webhooks could not be taken in", lane.account.key)
                self._count(lane.account.key, hints, "failed")

    async def _settle(self, account: Account, hints: Sequence[LinkHint]) -> None:
        links = await self._read(account, hints)
        key, now = account.key, self._clock.now()
        clicks = click_events(key, hints, links, now)
        if any(hint.kind is not HintKind.CLICKED for hint in hints) and account.stack.client.cache is not None:
            # Whoever is told of a change, and asks for the link, must not get it as it was.
            await account.stack.client.cache.invalidate_all()
        if self._recorder is None:
            self._publish(change_events(key, hints, links, now))
        else:
            found = [link for link in links.values() if isinstance(link, Link)]
            await self._recorder.told_by_webhook(key, found, gone_handles(hints, links), clicks_by_handle(clicks))
        self._publish(clicks)
        for hint in hints:
            self._observer.webhook_hint_ended(key, _outcome(hint, links))

    async def _read(self, account: Account, hints: Sequence[LinkHint]) -> HintedLinks:
        links = dict(await read_hinted_links(account, hints))
        for pause in _PAUSES:
            unread = [hint for hint in hints if _is_temporary(links[hint.name])]
            if not unread:
                break
            await self._clock.sleep(pause)
            links |= await read_hinted_links(account, unread)
        return links

    def _count(self, account: str, hints: Sequence[LinkHint], outcome: str) -> None:
        for _ in hints:
            self._observer.webhook_hint_ended(account, outcome)


def _is_temporary(found: Link | VendorError | None) -> bool:
    return isinstance(found, VendorError) and found.code in _TEMPORARY


def _outcome(hint: LinkHint, links: HintedLinks) -> str:
    link = links[hint.name]
    if isinstance(link, VendorError):
        return "unread"
    return "told" if link is not None or hint.kind is not HintKind.CLICKED else "unknown"
