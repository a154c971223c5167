"""Load from a process of its own: wrk where it is installed, else a small one in Python."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from benchmarks.load.processes import LOAD_CORE

CONNECTIONS: Final = 50
_REPORT: Final = "report "

# NUMBER in a template is replaced by a count that goes on over the requests of a run, or by 1 to `cycle` in turns.
_SCRIPT: Final = """
local count, cycle, template = tonumber(os.getenv("BENCH_START")), tonumber(os.getenv("BENCH_CYCLE")), [==[%s]==]
local headers = {["content-type"] = "application/json"}
request = function()
  count = count + 1
  local body = template:gsub("NUMBER", tostring(cycle > 0 and count %% cycle + 1 or count))
  return wrk.format("POST", nil, headers, body)
end
done = function(summary, latency)
  local e = summary.errors
  local failures = e.connect + e.read + e.write + e.status + e.timeout
  local p50, p99 = latency:percentile(50), latency:percentile(99)
  local told = '%s{"requests":%%d,"microseconds":%%d,"failures":%%d,'
  io.write(string.format(told, summary.requests, summary.duration, failures))
  io.write(string.format('"p50":%%d,"p99":%%d}\\n', p50, p99))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: a JSON body in which NUMBER counts from `start`, or goes from 1 to `cycle` in turns."""

    body: bytes
    cycle: int = 0
    start: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run. Latencies are in milliseconds."""

    requests: int
    seconds: float
    failures: int
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def generator() -> str:
    """The name of what makes the load here."""
    return "wrk" if shutil.which("wrk") else "python"


def run(url: str, load: Load, seconds: float, connections: int = CONNECTIONS) -> Report:
    """`connections` send `load` to `url` for `seconds`, each as soon as it has an answer.

    Raises:
        RuntimeError: a request failed, or was not answered with 2xx.
    """
    report = _run(url, load, seconds, connections)
    if report.failures or not report.requests:
        raise RuntimeError(f"{report.failures} of {report.requests} requests to {url} failed")
    return report


def _run(url: str, load: Load, seconds: float, connections: int) -> Report:
    environment = {**os.environ, "BENCH_START": str(load.start), "BENCH_CYCLE": str(load.cycle)}
    with tempfile.NamedTemporaryFile("wb", suffix=".lua") as script:
        if generator() == "wrk":
            script.write((_SCRIPT % (load.body.decode(), _REPORT)).encode())
            script.flush()
            command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "60s", "-s", script.name, url]
        else:
            script.write(load.body)
            script.flush()
            sender = str(Path(__file__).with_name("sender.py"))
            command = [sys.executable, sender, url, script.name, str(seconds), str(connections)]
        done = subprocess.run(  # noqa: S603 - our own program, or wrk
            command,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {LOAD_CORE}),
        )
    told = orjson.loads(done.stdout.partition(_REPORT)[2])
    return Report(told["requests"], told["microseconds"] / 1e6, told["failures"], told["p50"] / 1e3, told["p99"] / 1e3)
