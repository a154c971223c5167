"""A hundred thousand documents that are all different: what the gateway remembers of them."""

from dataclasses import dataclass
from typing import Final

import orjson

from benchmarks.load import processes
from benchmarks.load.generator import Load, run
from benchmarks.load.throughput import PATH

DOCUMENTS: Final = 100_000
_BODY: Final = orjson.dumps({"query": "query QNUMBER { accounts { key label provider { name capabilities } } }"})


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes: before, after half of the documents, and after all of them."""

    before: float
    half: float
    end: float
    documents: int


def measure() -> Memory:
    """Send until there were enough."""
    with processes.vendors() as sandbox, processes.gateway(sandbox.url) as gateway:
        run(gateway.url + PATH, Load(_BODY), 1)
        before, half, sent = gateway.resident_megabytes(), 0.0, 0
        while sent < DOCUMENTS:
            sent += run(gateway.url + PATH, Load(_BODY, start=1_000_000 + sent), 5).requests
            half = half or (gateway.resident_megabytes() if sent >= DOCUMENTS // 2 else 0.0)
        return Memory(before, half, gateway.resident_megabytes(), sent)
