"""What is written about the numbers names those that there are."""

import re

from documents import document
from linkweave.observability import CacheResult, Metrics, Observers, OperationFacts, Tally

OPERATIONS = document("docs/operations.md")


def kept() -> dict[str, tuple[str, set[str]]]:
    """Every number of ours as Prometheus names it, with its kind and its labels, once everything has happened."""
    metrics, notes = Metrics("1.2"), Tally("id", OperationFacts("Name", "query", "hash", trusted=True))
    notes.failed("TIMEOUT")
    observer = Observers(metrics.observers)
    observer.began(notes)
    observer.ended(notes, "partial", 1.0, 200, "someone")
    observer.calling("tinycc", "list links")
    observer.called("tinycc", "list links", 1.0, "ok", 200)
    observer.retried("tinycc", "list links")
    observer.waited("tinycc", "all", 1.0)
    observer.circuit("tinycc", "OPEN")
    observer.looked_up("answers", "tinycc", CacheResult.FRESH)
    observer.shared("call")
    observer.limited("someone")
    metrics.reloaded("ok")
    return {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in metrics.registry.collect()
        if family.name.startswith("linkweave_")
    }


def test_every_number_is_described_with_its_kind_and_its_labels() -> None:
    rows = OPERATIONS.rows("## Numbers")
    described = {name.strip("`"): (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels, _ in rows}
    numbers = {name: what for name, what in kept().items() if not name.endswith("_created")}
    assert described == numbers
    assert all(meaning.endswith(".") for *_, meaning in rows)
