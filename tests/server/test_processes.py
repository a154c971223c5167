"""A gateway in processes of its own, which clients query all the time while signals reach it."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from harness.linkweave_process import Running, account_table, linkweave
from harness.load import load

NOWHERE = "http://127.0.0.1:1"
HANGING = '{ account(key: "tinycc") { tags { name } } }'
COUNTED = re.compile(r'linkweave_operations_total\{answered="executed",kind="query",outcome="ok"\} (\S+)')

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells workers apart by /proc")

either = pytest.mark.parametrize("workers", [1, 2])


def write(path: Path, *accounts: str) -> None:
    path.write_text("".join(account_table(NOWHERE, "tinycc", key=account) for account in accounts))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "linkweave.toml"
    write(path, "one")
    return path


def answer(*accounts: str) -> str:
    return json.dumps({"data": {"accounts": [{"key": key} for key in accounts]}}, separators=(",", ":"))


def serving(config: Path, workers: int) -> list[str]:
    return ["serve", "--config", str(config), "--port", "0", "--workers", str(workers)]


def address(running: Running) -> str:
    """The URL of the gateway, once it answers."""
    url = running.wait_for(r"serves 1 account at (http://[^\s\"]+)/graphql")[1]
    httpx2.get(f"{url}/live", timeout=60)
    return url


def wait_for_workers(running: Running, *others: int) -> list[int]:
    """The two workers, once none of them is one of `others`."""
    until = time.monotonic() + 60
    while len(found := running.workers()) < 2 or set(found) & set(others):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


@either
def test_a_reload_a_faulty_reload_and_a_termination_under_load_lose_no_request(config: Path, workers: int) -> None:
    with linkweave(*serving(config, workers)) as running:
        url = address(running)
        with load(f"{url}/graphql") as under:
            under.wait_for(100)
            write(config, "one", "two")
            running.process.send_signal(signal.SIGHUP)
            for _ in range(workers):
                running.wait_for("configuration reloaded")
            under.answers.clear()
            config.write_text("[[accounts]]\nkey = 1")
            running.process.send_signal(signal.SIGHUP)
            for _ in range(workers):
                running.wait_for(r"configuration not reloaded.*accounts\[0\]")
            under.wait_for(100)
            numbers = httpx2.get(f"{url}/metrics").text
            assert (under.lost, under.refused, under.reset) == ({}, 0, 0)
            assert running.stop(signal.SIGTERM) == 0
    assert f'linkweave_reloads_total{{result="ok"}} {workers}.0' in numbers
    assert f'linkweave_reloads_total{{result="refused"}} {workers}.0' in numbers
    # A client that opens a new connection may be refused by then.
    assert not under.lost
    assert "Traceback" not in running.output
    assert under.answers[answer("one", "two")] >= 100
    # These requests were sent before the reload and answered after it.
    assert under.answers[answer("one")] <= 4
    assert sum(under.answers.values()) == under.answers[answer("one", "two")] + under.answers[answer("one")]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A gateway in two workers, and its configuration."""
    path = tmp_path_factory.mktemp("pair") / "linkweave.toml"
    write(path, "one")
    with linkweave(*serving(path, 2)) as running:
        yield running, path


@pytest.fixture(scope="module")
def url(pair: tuple[Running, Path]) -> str:
    """The URL of the two workers."""
    return address(pair[0])


def counted(url: str) -> float:
    (number,) = COUNTED.findall(httpx2.get(f"{url}/metrics", timeout=60).text) or ["0"]
    return float(number)


def test_any_worker_reports_the_metrics_of_all(pair: tuple[Running, Path], url: str) -> None:
    running, _ = pair
    first, second = wait_for_workers(running)
    before = counted(url)
    for stopped in (second, first):
        with running.paused(stopped):
            httpx2.post(f"{url}/graphql", json={"query": "{ accounts { key } }"}, timeout=60)
    # A request is counted after its answer was sent, so that the client may have the answer first.
    until = time.monotonic() + 60
    while counted(url) != before + 2:
        assert time.monotonic() < until
    reported = []
    for stopped in (second, first):
        with running.paused(stopped):
            reported.append(counted(url))
    assert reported == [before + 2, before + 2]


def test_a_worker_that_is_killed_under_load_is_replaced_and_has_the_newest_configuration(
    pair: tuple[Running, Path], url: str
) -> None:
    running, config = pair
    first, second = wait_for_workers(running)
    write(config, "one", "two")
    running.process.send_signal(signal.SIGHUP)
    for _ in range(2):
        running.wait_for("configuration reloaded")
    with load(f"{url}/graphql") as under:
        under.wait_for(100)
        os.kill(first, signal.SIGKILL)
        running.wait_for(f"worker {first} ended with status -9 and is replaced")
        wait_for_workers(running, first)
        under.wait_for(100)
    with running.paused(second):
        assert httpx2.post(f"{url}/graphql", json={"query": "{ accounts { key } }"}, timeout=60).text == answer(
            "one", "two"
        )
    # Each client may have lost the request that the worker was answering, and no other.
    assert sum(under.lost.values()) + under.reset <= 4
    assert under.answers.keys() == {answer("one", "two")}


def test_workers_that_are_stopped_while_they_start_end_at_once(config: Path) -> None:
    with linkweave(*serving(config, 2)) as running:
        running.wait_for("serves 1 account")
        first, second = wait_for_workers(running)
        with running.paused(first), running.paused(second):
            # Twice as long as the supervisor waits between two checks.
            time.sleep(1)
            started = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
        assert running.end() == 0
        assert time.monotonic() - started < 15


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The URL of a sandbox whose tiny.cc never answers."""
    with linkweave("sandbox", "--port", "0") as running:
        url = running.wait_for(r"(http://\S+)/_sandbox/calls")[1]
        httpx2.put(f"{url}/_sandbox/faults/tinycc", json={"kind": "hang"}).raise_for_status()
        yield url


def test_neither_an_endless_operation_nor_a_hanging_worker_prevents_the_shutdown(tmp_path: Path, sandbox: str) -> None:
    config = tmp_path / "linkweave.toml"
    patient = "timeout_seconds = 300\n"
    config.write_text("[server]\ndeadline_seconds = 300\n" + account_table(sandbox, "tinycc") + patient)
    with linkweave(*serving(config, 1)) as single, linkweave(*serving(config, 2)) as hanging:
        for url in (address(single), address(hanging)):
            for _ in range(2):
                with pytest.raises(httpx2.ReadTimeout):
                    httpx2.post(f"{url}/graphql", json={"query": HANGING}, timeout=0.5)
        os.kill(wait_for_workers(hanging)[0], signal.SIGSTOP)
        started = time.monotonic()
        for each in (single, hanging):
            each.process.send_signal(signal.SIGTERM)
        assert single.end() == 0
        assert time.monotonic() - started < 15
        # The worker cannot end by itself; its parent kills it after the grace period.
        assert hanging.end() == 0
        assert time.monotonic() - started < 20
    assert all("Traceback" not in each.output for each in (single, hanging))
