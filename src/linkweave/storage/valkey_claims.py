"""Claims in a server that workers share, which may lose them: each worker sends its own again to a server that did."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.storage.outages import Outage, OutageKind, StoreDownError
from linkweave.storage.valkey import Valkey

# Bytes of a worker's own records: tens of thousands of them.
OWN_BYTES: Final = 16_000_000
RECORD_BYTES: Final = 600
# Seconds after which an outcome that the server did not get is sent again.
RESEND_SECONDS: Final = 0.25
RESEND_BATCH: Final = 100
# Seconds for which a server that lost its records is not trusted. Every worker notices the loss within a third of
# them (server_watch.py), and then sends what it knows.
LOSS_SECONDS: Final = 15.0

_GENERATION: Final = "claims:generation"
_LOSS: Final = "claims:loss"

# The generation is a random text and the id of the server's run. Another one means that records may be lost: the
# server lost its data, was started again from an older copy, or is another one that has taken over.
_KNOW_GENERATION: Final = """
local function generation()
  return (redis.call('GET', KEYS[1]) or '') .. (string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or '')
end
"""
# KEYS: the generation, the mark of a loss, the record. ARGV: the known generation ('' at first), a new random text,
# milliseconds to keep the mark. The answer: the generation, milliseconds until the mark expires, the record.
_READ: Final = f"""{_KNOW_GENERATION}
redis.call('SET', KEYS[1], ARGV[2], 'NX')
local current = generation()
if ARGV[1] ~= '' and ARGV[1] ~= current then redis.call('SET', KEYS[2], '1', 'PX', ARGV[3], 'NX') end
return {{current, redis.call('PTTL', KEYS[2]), redis.call('GET', KEYS[3])}}
"""
# KEYS: the generation, the mark of a loss, the records. ARGV: the known generation ('' for any), and for each record
# what was seen, the new record ('' removes it) and the milliseconds to keep it. The answer for each: 1 if it is stored,
# 0 if another record is there, -1 if records may be lost.
_REPLACE: Final = f"""{_KNOW_GENERATION}
local any = ARGV[1] == ''
local known, lost = any or generation() == ARGV[1], not any and redis.call('PTTL', KEYS[2]) > 0
local answers = {{}}
for place = 3, #KEYS do
  local seen, record, ttl = ARGV[place * 3 - 7], ARGV[place * 3 - 6], ARGV[place * 3 - 5]
  local stored = redis.call('GET', KEYS[place])
  if not known or (lost and seen == '') then
    answers[#answers + 1] = -1
  elseif stored and stored ~= seen then
    answers[#answers + 1] = 0
  else
    if record == '' then redis.call('DEL', KEYS[place]) else redis.call('SET', KEYS[place], record, 'PX', ttl) end
    answers[#answers + 1] = 1
  end
end
return answers
"""
_STORED: Final = 1
_LOST: Final = -1


@dataclass(frozen=True, slots=True)
class _Own:
    """What this worker knows of a name: `record` in place of `seen`, until `expires_at`. None is no record."""

    seen: bytes
    record: bytes | None
    expires_at: float


class ValkeyClaims:
    """Claims in the server. With `required`, nothing is claimed while the server cannot store it.

    Without, this worker goes on with its own records, so that two workers may do the same work.
    """

    def __init__(self, valkey: Valkey, clock: Clock, *, required: bool) -> None:
        self._valkey = valkey
        self._clock = clock
        self._required = required
        self._own: LruDict[str, _Own] = LruDict(max_size=OWN_BYTES)
        self._unsent: dict[str, None] = {}
        self._resend: asyncio.Task[None] | None = None
        self._generation = b""

    async def get(self, name: str) -> bytes | None:
        """Returns the record of `name`, or None.

        Raises:
            StoreDownError: the server is down, or has lost its records, and this worker has none of its own.
        """
        known = self._live(name)
        own = None if known is None else known.record
        try:
            stored, loss_seconds = await self._read(name)
        except StoreDownError:
            if own is None and self._required:
                raise
            return own
        if stored is None and own is None and loss_seconds > 0 and self._required:
            raise self._lost(loss_seconds)
        return own if stored is None else stored

    async def claim(self, name: str, seen: bytes | None, record: bytes, ttl_seconds: float) -> bool:
        """Stores `record` in place of `seen`, before the work. Returns False where another record is stored by now.

        Raises:
            StoreDownError: the server did not confirm it.
        """
        self._remember(name, seen or b"", record, ttl_seconds)
        try:
            (answer,) = await self._replace([name], self._generation if self._required else b"")
        except StoreDownError:
            if not self._required:
                self._send_later(name)
                return True
            self._undo(name, seen, record, ttl_seconds)
            raise
        except asyncio.CancelledError:
            self._undo(name, seen, record, ttl_seconds)
            raise
        if answer == _LOST:
            self._undo(name, seen, record, ttl_seconds)
            raise self._lost(LOSS_SECONDS)
        if answer != _STORED:
            self._own.pop(name)
        return answer == _STORED

    async def settle(self, name: str, seen: bytes, record: bytes | None, ttl_seconds: float) -> None:
        """Stores the outcome of the work in place of `seen`; None removes the record. Never raises."""
        self._remember(name, seen, record, ttl_seconds)
        self._unsent[name] = None
        try:
            await self._send([name])
        finally:
            if name in self._unsent:
                self._start_resending()

    async def notice_loss(self) -> None:
        """Finds out whether the server has lost its records; then this worker's own are sent again. Never raises."""
        try:
            await self._read(_GENERATION)
        except StoreDownError:
            return

    async def close(self) -> None:
        """Sends once the outcomes that the server did not get, and stops."""
        if self._resend is not None:
            self._resend.cancel()
            await asyncio.gather(self._resend, return_exceptions=True)
        await self._send(list(self._unsent))

    async def _read(self, name: str) -> tuple[bytes | None, float]:
        """Returns the record that the server has, and the seconds for which the server is not trusted."""
        args: list[str | bytes | float] = [self._generation, secrets.token_hex(8), _milliseconds(LOSS_SECONDS)]
        generation, loss, stored = await self._valkey.run_script(_READ, [_GENERATION, _LOSS, name], args)
        if self._generation not in {b"", generation}:
            self._unsent.update(dict.fromkeys(self._own))
            self._start_resending()
        self._generation = generation
        return stored, max(0, loss) / 1000

    def _remember(self, name: str, seen: bytes, record: bytes | None, ttl_seconds: float) -> None:
        expires_at = self._clock.monotonic() + ttl_seconds
        self._own.put(name, _Own(seen, record, expires_at), len(seen) + len(record or b"") + RECORD_BYTES)

    def _undo(self, name: str, seen: bytes | None, record: bytes, ttl_seconds: float) -> None:
        """Puts `seen` in place of a claim that the server may have stored all the same, because no work follows it."""
        self._remember(name, record, seen, ttl_seconds)
        self._send_later(name)

    async def _replace(self, names: Sequence[str], generation: bytes = b"") -> Sequence[int]:
        """Sends the own records of `names`."""
        args: list[str | bytes | float] = [generation]
        for name in names:
            own = self._own.peek(name)
            if own is not None:
                args += [own.seen, own.record or b"", _milliseconds(own.expires_at - self._clock.monotonic())]
        answers: list[int] = await self._valkey.run_script(_REPLACE, [_GENERATION, _LOSS, *names], args)
        return answers

    async def _send(self, names: Sequence[str]) -> bool:
        """Sends the records of `names`. Returns whether the server has got them."""
        sent = {name: own for name in names if (own := self._live(name)) is not None}
        try:
            if sent:
                await self._replace(list(sent))
        except StoreDownError:
            return False
        for name in names:
            # It may have changed meanwhile.
            if self._own.peek(name) is sent.get(name):
                self._unsent.pop(name, None)
        return True

    def _live(self, name: str) -> _Own | None:
        """Returns what this worker knows of `name`, unless it has expired."""
        own = self._own.get(name)
        if own is not None and own.expires_at <= self._clock.monotonic():
            self._own.pop(name)
            return None
        return own

    def _send_later(self, name: str) -> None:
        self._unsent[name] = None
        self._start_resending()

    def _start_resending(self) -> None:
        if self._resend is None or self._resend.done():
            self._resend = asyncio.create_task(self._keep_resending())

    async def _keep_resending(self) -> None:
        while self._unsent:
            if not await self._send(list(self._unsent)[:RESEND_BATCH]):
                await self._clock.sleep(max(RESEND_SECONDS, self._valkey.next_check_in))

    def _lost(self, seconds: float) -> StoreDownError:
        outage = Outage(OutageKind.REFUSING, "has lost its records")
        return StoreDownError(f"{self._valkey.server} {outage.reason}", outage, retry_after=seconds)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
