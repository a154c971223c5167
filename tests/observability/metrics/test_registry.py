"""Events are counted, and the page of any worker has the sums over all workers."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness import metrics_worker
from linkweave.observability import (
    CachedReply,
    CacheResult,
    Metrics,
    Observer,
    Observers,
    OperationFacts,
    OperationRecord,
)

Labels = tuple[tuple[str, str], ...]


def samples(page: str) -> dict[tuple[str, Labels], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def count(events: Callable[[Observer], object]) -> dict[tuple[str, Labels], float]:
    """The samples after `events`."""
    metrics = Metrics("1.2")
    events(Observers(metrics.observers))
    return samples(metrics.page("")[0].decode())


def test_operations_are_counted_by_kind_outcome_and_source_of_the_response() -> None:
    def events(observer: Observer) -> None:
        cached = OperationRecord("id", OperationFacts("Name", "query", "hash"), "cached")
        observer.operation_started(cached)
        observer.operation_ended(cached, "ok", 0.001, 200, "someone")
        observer.operation_started(OperationRecord())
        observer.operation_ended(OperationRecord(), "refused", 0.002, 400, "someone")
        observer.operation_started(OperationRecord())

    found = count(events)
    cached = (("answered", "cached"), ("kind", "query"))
    assert found["linkweave_operations_total", (*cached, ("outcome", "ok"))] == 1
    unknown = (("answered", "executed"), ("kind", "unknown"), ("outcome", "refused"))
    assert found["linkweave_operations_total", unknown] == 1
    executed = (("answered", "executed"), ("kind", "unknown"))
    assert found["linkweave_operation_seconds_sum", executed] == 0.002
    assert found["linkweave_operation_seconds_bucket", (*executed, ("le", "0.001"))] == 0
    assert found["linkweave_operation_seconds_bucket", (*executed, ("le", "0.0025"))] == 1
    assert ("linkweave_operation_seconds_sum", cached) not in found
    assert found["linkweave_operations_running", ()] == 1


async def test_cached_replies_are_counted_and_are_not_part_of_the_times() -> None:
    def events(observer: Observer) -> None:
        for facts in (OperationFacts("Name", "query", "hash"), OperationFacts("Other", "query", "hash"), None):
            observer.cached_reply_sent(CachedReply("id", "", facts, "someone", 200, 0.002))

    found = count(events)
    ended = {key: value for key, value in found.items() if key[0] == "linkweave_operations_total"}
    assert {dict(labels)["kind"]: value for (_, labels), value in ended.items()} == {"query": 2, "unknown": 1}
    assert {(dict(labels)["outcome"], dict(labels)["answered"]) for _, labels in ended} == {("ok", "cached")}
    lookups = (("account", ""), ("cache", "operations"), ("result", "fresh"))
    assert found["linkweave_cache_lookups_total", lookups] == 3
    assert not [name for name, _ in found if name.startswith("linkweave_operation_seconds")]


def test_errors_in_responses_are_counted_by_code() -> None:
    def events(observer: Observer) -> None:
        record = OperationRecord()
        record.errors = {"TIMEOUT": 2, "UNAVAILABLE": 1}
        observer.operation_ended(record, "partial", 0.1, 200, "someone")

    found = count(events)
    assert found["linkweave_errors_total", (("code", "TIMEOUT"),)] == 2
    assert found["linkweave_errors_total", (("code", "UNAVAILABLE"),)] == 1


def test_only_trusted_documents_have_series_by_name() -> None:
    def events(observer: Observer) -> None:
        for facts in (
            OperationFacts("Stranger", "query", "hash"),
            OperationFacts("Campaign", "query", "hash", trusted=True),
            OperationFacts(None, "query", "hash", trusted=True),
        ):
            observer.operation_ended(OperationRecord("id", facts), "ok", 0.5, 200, "someone")

    named = {
        labels: value
        for (name, labels), value in count(events).items()
        if name.endswith("trusted_operation_seconds_sum")
    }
    assert named == {(("operation", "Campaign"),): 0.5}


def test_calls_to_vendors_are_counted_by_account_outcome_and_status() -> None:
    def events(observer: Observer) -> None:
        for _ in range(3):
            observer.call_started("tinycc", "list links")
        observer.call_ended("tinycc", "list links", 0.2, "ok", 200)
        observer.call_ended("tinycc", "list links", 5.0, "TIMEOUT", None)
        observer.call_retried("tinycc", "list links")

    found = count(events)
    call = (("account", "tinycc"), ("operation", "list links"))
    assert found["linkweave_vendor_calls_total", (*call, ("outcome", "ok"), ("status", "200"))] == 1
    assert found["linkweave_vendor_calls_total", (*call, ("outcome", "TIMEOUT"), ("status", "none"))] == 1
    assert found["linkweave_vendor_call_seconds_sum", call[:1]] == 5.2
    assert found["linkweave_vendor_calls_running", call[:1]] == 1
    assert found["linkweave_vendor_retries_total", call] == 1


def test_steps_and_walks_of_the_catalog_are_counted() -> None:
    def events(observer: Observer) -> None:
        observer.catalog_stepped("picsee", "WALK", 2, "ok")
        observer.catalog_stepped("picsee", "WALK", 1, "TIMEOUT")
        observer.catalog_walked("picsee", 9, 1.5)

    found, account = count(events), (("account", "picsee"),)
    steps = [(*account, ("outcome", outcome), ("step", "walk")) for outcome in ("ok", "TIMEOUT")]
    assert [found["linkweave_catalog_steps_total", labels] for labels in steps] == [1, 1]
    assert found["linkweave_catalog_calls_total", account] == 3
    assert found["linkweave_catalog_walk_links", account] == 9
    assert found["linkweave_catalog_walk_seconds", account] == 1.5


def test_waits_circuits_caches_and_sharing_are_counted() -> None:
    def events(observer: Observer) -> None:
        observer.call_waited("picsee", "links", 0.75)
        observer.circuit_changed("picsee", "OPEN")
        observer.circuit_changed("tinycc", "OPEN")
        observer.circuit_changed("tinycc", "HALF_OPEN")
        observer.circuit_changed("cuttly", "CLOSED")
        observer.cache_looked_up("answers", "picsee", CacheResult.STALE)
        observer.cache_looked_up("operations", None, CacheResult.MISS)
        observer.result_shared("call")

    found = count(events)
    assert found["linkweave_vendor_wait_seconds_sum", (("account", "picsee"), ("bucket", "links"))] == 0.75
    states = [found["linkweave_circuit_state", (("account", name),)] for name in ("picsee", "tinycc", "cuttly")]
    assert states == [2, 1, 0]
    stale = (("account", "picsee"), ("cache", "answers"), ("result", "stale"))
    assert found["linkweave_cache_lookups_total", stale] == 1
    assert found["linkweave_cache_lookups_total", (("account", ""), ("cache", "operations"), ("result", "miss"))] == 1
    assert found["linkweave_shared_total", (("what", "call"),)] == 1


def test_refusals_are_counted_by_client_and_all_bearers_of_tokens_are_one_client() -> None:
    def events(observer: Observer) -> None:
        for name in ("dashboard", "jwt:ann", "jwt:bob"):
            observer.operation_ended(OperationRecord(), "refused", 0.1, 429, name)

    found = count(events)
    assert found["linkweave_client_refusals_total", (("client", "dashboard"),)] == 1
    assert found["linkweave_client_refusals_total", (("client", "jwt"),)] == 2


def test_reloads_and_the_version_are_reported() -> None:
    metrics = Metrics("1.2")
    metrics.count_reload("refused")
    found = samples(metrics.page("")[0].decode())
    assert found["linkweave_reloads_total", (("result", "refused"),)] == 1
    assert found["linkweave_build_info", (("version", "1.2"),)] == 1


def test_every_process_has_metrics_of_its_own() -> None:
    Metrics("1.2").count_reload("ok")
    assert not any(name == "linkweave_reloads_total" for name, _ in samples(Metrics("1.2").page("")[0].decode()))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("", "text/plain"), ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text")],
)
def test_the_page_has_the_format_that_the_client_accepts(accept: str, media_type: str) -> None:
    body, given = Metrics("1.2").page(accept)
    assert given.startswith(media_type)
    assert (b"# EOF" in body) is (media_type != "text/plain")


def metrics_of_worker(directory: Path, circuit_state: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, metrics_worker.__file__, str(directory), circuit_state],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PROMETHEUS_MULTIPROC_DIR": str(directory)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    return done.stdout


def test_any_worker_reports_the_metrics_of_all_workers(tmp_path: Path) -> None:
    metrics_of_worker(tmp_path, "OPEN")
    found = samples(metrics_of_worker(tmp_path, "CLOSED"))
    ok = (("answered", "executed"), ("kind", "unknown"), ("outcome", "ok"))
    assert found["linkweave_operations_total", ok] == 2
    assert found["linkweave_operation_seconds_bucket", (*ok[:2], ("le", "0.25"))] == 2
    assert found["linkweave_operations_running", ()] == 2
    assert found["linkweave_circuit_state", (("account", "tinycc"),)] == 2
    assert found["linkweave_build_info", (("version", "1.2"),)] == 1
