"""The documents, the dashboard and the alerts name the metrics that there are."""

import json
import re

import pytest

from harness.documentation import ROOT, document
from linkweave.observability import CacheResult, Metrics, Observers, OperationFacts, OperationRecord

OPERATIONS = document("docs/operations.md")


def metrics_of_gateway() -> dict[str, tuple[str, set[str]]]:
    """Every metric of ours with its kind and its labels, after one event of each kind."""
    metrics, record = Metrics("1.2"), OperationRecord("id", OperationFacts("Name", "query", "hash", trusted=True))
    record.failed("TIMEOUT")
    observer = Observers(metrics.observers)
    observer.operation_started(record)
    observer.operation_ended(record, "partial", 1.0, 200, "someone")
    observer.call_started("tinycc", "list links")
    observer.call_ended("tinycc", "list links", 1.0, "ok", 200)
    observer.call_retried("tinycc", "list links")
    observer.call_waited("tinycc", "all", 1.0)
    observer.circuit_changed("tinycc", "OPEN")
    observer.cache_looked_up("answers", "tinycc", CacheResult.FRESH)
    observer.result_shared("call")
    observer.cache_server_changed("is a read-only replica")
    observer.catalog_stepped("tinycc", "WALK", 2, "ok")
    observer.catalog_walked("tinycc", 9, 1.0)
    observer.webhook_received("tinycc", "accepted")
    observer.webhook_hint_ended("tinycc", "told")
    observer.delivery_ended("delivered")
    observer.event_lost("tinycc", "links")
    observer.operation_ended(record, "refused", 1.0, 429, "someone")
    metrics.count_reload("ok")
    return {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in metrics.registry.collect()
        if family.name.startswith("linkweave_")
    }


def test_every_metric_is_documented_with_its_kind_and_its_labels() -> None:
    rows = OPERATIONS.rows("## Metrics")
    described = {name.strip("`"): (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels, _ in rows}
    actual = {name: what for name, what in metrics_of_gateway().items() if not name.endswith("_created")}
    assert described == actual
    assert all(meaning.endswith(".") for *_, meaning in rows)


def series() -> set[str]:
    """The names of all series in Prometheus."""
    suffixes = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
    return {name + suffix for name, (kind, _) in metrics_of_gateway().items() for suffix in suffixes.get(kind, ("",))}


def labels_of(name: str) -> set[str]:
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return metrics_of_gateway()[base][1] | {"job", "le"}


def expressions() -> list[tuple[str, str]]:
    """Every expression of the dashboard and of the alert rules, with its place."""
    dashboard = json.loads((ROOT / "docs" / "grafana" / "linkweave.json").read_text())
    panels = [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]
    rules = (ROOT / "docker" / "alerts.yaml").read_text()
    return panels + re.findall(r"- alert: (\w+)\n +expr: (.+)", rules)


@pytest.mark.parametrize(("where", "expression"), expressions())
def test_the_dashboard_and_the_alerts_use_metrics_and_labels_that_there_are(where: str, expression: str) -> None:
    names = set(re.findall(r"linkweave_\w+", re.sub(r'"[^"]*"', "", expression)))
    assert names <= series(), where
    labels = {label for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(", ")}
    labels |= set(re.findall(r"[{,](\w+)=~?\"", expression))
    assert all(labels <= labels_of(name) for name in names), where


def test_the_dashboard_shows_every_metric() -> None:
    shown = {name for _, expression in expressions() for name in re.findall(r"linkweave_\w+", expression)}
    bases = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert bases == {name for name in metrics_of_gateway() if not name.endswith("_created")}


def test_every_alert_is_documented() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", (ROOT / "docker" / "alerts.yaml").read_text()))
    documented = set(re.findall(r"`(Linkweave\w+)`", OPERATIONS.section("## Metrics")))
    assert alerts == documented


def test_no_panels_of_the_dashboard_overlap() -> None:
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
