"""What is written about the numbers names those that there are."""

import json
import re

import pytest

from harness.documentation import ROOT, document
from linkweave.observability import CacheResult, Metrics, Observers, OperationFacts, OperationRecord

OPERATIONS = document("docs/operations.md")


def kept() -> dict[str, tuple[str, set[str]]]:
    """Every number of ours as Prometheus names it, with its kind and its labels, once everything has happened."""
    metrics, notes = Metrics("1.2"), OperationRecord("id", OperationFacts("Name", "query", "hash", trusted=True))
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
    observer.ended(notes, "refused", 1.0, 429, "someone")
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
    rows = OPERATIONS.rows("## Metrics")
    described = {name.strip("`"): (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels, _ in rows}
    numbers = {name: what for name, what in kept().items() if not name.endswith("_created")}
    assert described == numbers
    assert all(meaning.endswith(".") for *_, meaning in rows)


def series() -> set[str]:
    """The names under which Prometheus keeps what there is."""
    suffixes = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
    return {name + suffix for name, (kind, _) in kept().items() for suffix in suffixes.get(kind, ("",))}


def labels_of(name: str) -> set[str]:
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return kept()[base][1] | {"job", "le"}


def expressions() -> list[tuple[str, str]]:
    """Every expression of the dashboard and of the alert rules, with where it is."""
    dashboard = json.loads((ROOT / "docs" / "grafana" / "linkweave.json").read_text())
    panels = [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]
    rules = (ROOT / "docker" / "alerts.yaml").read_text()
    return panels + re.findall(r"- alert: (\w+)\n +expr: (.+)", rules)


@pytest.mark.parametrize(("where", "expression"), expressions())
def test_dashboard_and_alerts_ask_for_numbers_and_labels_that_there_are(where: str, expression: str) -> None:
    names = set(re.findall(r"linkweave_\w+", re.sub(r'"[^"]*"', "", expression)))
    assert names <= series(), where
    asked = {label for given in re.findall(r"by \(([^)]*)\)", expression) for label in given.split(", ")}
    asked |= set(re.findall(r"[{,](\w+)=~?\"", expression))
    assert all(asked <= labels_of(name) for name in names), where


def test_the_dashboard_shows_every_number() -> None:
    shown = {name for _, expression in expressions() for name in re.findall(r"linkweave_\w+", expression)}
    bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert bases == {name for name in kept() if not name.endswith("_created")}


def test_every_alert_says_what_to_do() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", (ROOT / "docker" / "alerts.yaml").read_text()))
    told = set(re.findall(r"`(Linkweave\w+)`", OPERATIONS.section("## Metrics")))
    assert alerts == told


def test_every_panel_has_its_place() -> None:
    panels = json.loads((ROOT / "docs" / "grafana" / "linkweave.json").read_text())["panels"]
    cells = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert all(x < 24 for x, _ in cells)
    assert len({panel["id"] for panel in panels}) == len(panels)
