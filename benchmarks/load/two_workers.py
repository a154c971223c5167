"""Two workers that share a Valkey, a minute of mixed reads, and vendors that enforce their limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import orjson

from benchmarks.load import processes
from benchmarks.load.generator import Load, Report, run
from benchmarks.load.throughput import FIELDS, PATH

SECONDS: Final = 60.0
_TOO_MANY_REQUESTS: Final = 429

# What the gateway keeps for at least so long: a minute, less the jitter of its lifetimes.
_KEPT_SECONDS: Final = 50.0

# Each worker has a session of its own at ShortenWorld.
_LOGIN: Final = "/authen/"

_QUERY: Final = f"""query Mixed($n: Int!, $links: Boolean!) {{
  links(first: $n) @include(if: $links) {{ {FIELDS} pageInfo {{ endCursor }} sources {{ status }} }}
  tags(first: $n) {{ nodes {{ name accounts {{ key }} }} }}
  domains(first: $n) {{ nodes {{ name account {{ key }} }} }}
  accounts {{ key quotas {{ name used limit }} }}
}}"""
_BODY: Final = orjson.dumps({"query": _QUERY, "variables": {"n": "NUMBER", "links": True}}).replace(
    b'"NUMBER"', b"NUMBER"
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the load saw, and of the vendors' calls: all, those answered 429, those that asked for what was known."""

    load: Report
    calls: int
    refused: int
    repeated: int


def measure() -> Shared:
    """Four vendors: all but the one that cannot be read."""
    with (
        processes.valkey() as url,
        processes.vendors(limits=True) as sandbox,
        processes.gateway(sandbox.url, workers=2, more=f'[cache]\nurl = "{url}"\n', without="chevereto") as gateway,
    ):
        report = run(gateway.url + PATH, Load(_BODY, cycle=60), SECONDS)
        log: Mapping[str, list[Mapping[str, Any]]] = httpx2.get(f"{sandbox.url}/_sandbox/log").json()
    calls = [call for calls in log.values() for call in calls]
    refused = sum(call["status"] == _TOO_MANY_REQUESTS for call in calls)
    return Shared(report, len(calls), refused, sum(_repeated(calls) for calls in log.values()))


def _repeated(calls: Iterable[Mapping[str, Any]]) -> int:
    last: dict[str, float] = {}
    repeated = 0
    for call in sorted(calls, key=lambda call: float(call["at"])):
        if _LOGIN in call["path"]:
            continue
        before = last.get(call["question"])
        repeated += before is not None and call["at"] - before < _KEPT_SECONDS
        last[call["question"]] = call["at"]
    return repeated
