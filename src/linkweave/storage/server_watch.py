"""Looks at the cache server from time to time, so that a change is noticed while no request needs it."""

from typing import Final

from linkweave.clock import Clock
from linkweave.storage.valkey import Valkey
from linkweave.storage.valkey_claims import ValkeyClaims

WATCH_SECONDS: Final = 5.0


async def look_at_server(valkey: Valkey, claims: ValkeyClaims) -> None:
    """Finds out whether the server can be used, and whether it has lost records. Never raises."""
    if await valkey.probe() is None:
        await claims.notice_loss()


async def keep_watching(valkey: Valkey, claims: ValkeyClaims, clock: Clock) -> None:
    """Looks at the server until it is cancelled."""
    while True:
        await clock.sleep(valkey.next_check_in or WATCH_SECONDS)
        await look_at_server(valkey, claims)
