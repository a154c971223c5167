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


def numbers(page: str) -> dict[tuple[str, Labels], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def counted(tell: Callable[[Observer], object]) -> dict[tuple[str, Labels], float]:
    """What is counted when `tell` tells."""
    metrics = Metrics("1.2")
    tell(Observers(metrics.observers))
    return numbers(metrics.page("")[0].decode())


def test_operations_are_counted_by_kind_outcome_and_where_the_answer_came_from() -> None:
    def tell(observer: Observer) -> None:
        notes = OperationRecord("id", OperationFacts("Name", "query", "hash"), "cached")
        observer.began(notes)
        observer.ended(notes, "ok", 0.001, 200, "someone")
        observer.began(OperationRecord())
        observer.ended(OperationRecord(), "refused", 0.002, 400, "someone")
        observer.began(OperationRecord())

    found = counted(tell)
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


async def test_operations_that_came_again_are_counted_and_are_no_part_of_the_times() -> None:
    def tell(observer: Observer) -> None:
        for facts in (OperationFacts("Name", "query", "hash"), OperationFacts("Other", "query", "hash"), None):
            observer.repeated(CachedReply("id", "", facts, "someone", 200, 0.002))

    found = counted(tell)
    ended = {key: value for key, value in found.items() if key[0] == "linkweave_operations_total"}
    assert {dict(labels)["kind"]: value for (_, labels), value in ended.items()} == {"query": 2, "unknown": 1}
    assert {(dict(labels)["outcome"], dict(labels)["answered"]) for _, labels in ended} == {("ok", "cached")}
    lookups = (("account", ""), ("cache", "operations"), ("result", "fresh"))
    assert found["linkweave_cache_lookups_total", lookups] == 3
    assert not [name for name, _ in found if name.startswith("linkweave_operation_seconds")]


def test_errors_in_answers_are_counted_by_code() -> None:
    def tell(observer: Observer) -> None:
        notes = OperationRecord()
        notes.errors = {"TIMEOUT": 2, "UNAVAILABLE": 1}
        observer.ended(notes, "partial", 0.1, 200, "someone")

    found = counted(tell)
    assert found["linkweave_errors_total", (("code", "TIMEOUT"),)] == 2
    assert found["linkweave_errors_total", (("code", "UNAVAILABLE"),)] == 1


def test_only_trusted_documents_have_numbers_by_name() -> None:
    def tell(observer: Observer) -> None:
        for facts in (
            OperationFacts("Stranger", "query", "hash"),
            OperationFacts("Campaign", "query", "hash", trusted=True),
            OperationFacts(None, "query", "hash", trusted=True),
        ):
            observer.ended(OperationRecord("id", facts), "ok", 0.5, 200, "someone")

    named = {
        labels: value
        for (name, labels), value in counted(tell).items()
        if name.endswith("trusted_operation_seconds_sum")
    }
    assert named == {(("operation", "Campaign"),): 0.5}


def test_calls_to_vendors_are_counted_by_account_outcome_and_status() -> None:
    def tell(observer: Observer) -> None:
        for _ in range(3):
            observer.calling("tinycc", "list links")
        observer.called("tinycc", "list links", 0.2, "ok", 200)
        observer.called("tinycc", "list links", 5.0, "TIMEOUT", None)
        observer.retried("tinycc", "list links")

    found = counted(tell)
    call = (("account", "tinycc"), ("operation", "list links"))
    assert found["linkweave_vendor_calls_total", (*call, ("outcome", "ok"), ("status", "200"))] == 1
    assert found["linkweave_vendor_calls_total", (*call, ("outcome", "TIMEOUT"), ("status", "none"))] == 1
    assert found["linkweave_vendor_call_seconds_sum", call[:1]] == 5.2
    assert found["linkweave_vendor_calls_running", call[:1]] == 1
    assert found["linkweave_vendor_retries_total", call] == 1


def test_waits_circuits_caches_and_sharing_are_counted() -> None:
    def tell(observer: Observer) -> None:
        observer.waited("picsee", "links", 0.75)
        observer.circuit("picsee", "OPEN")
        observer.circuit("tinycc", "OPEN")
        observer.circuit("tinycc", "HALF_OPEN")
        observer.circuit("cuttly", "CLOSED")
        observer.looked_up("answers", "picsee", CacheResult.STALE)
        observer.looked_up("operations", None, CacheResult.MISS)
        observer.shared("call")

    found = counted(tell)
    assert found["linkweave_vendor_wait_seconds_sum", (("account", "picsee"), ("bucket", "links"))] == 0.75
    states = [found["linkweave_circuit_state", (("account", name),)] for name in ("picsee", "tinycc", "cuttly")]
    assert states == [2, 1, 0]
    stale = (("account", "picsee"), ("cache", "answers"), ("result", "stale"))
    assert found["linkweave_cache_lookups_total", stale] == 1
    assert found["linkweave_cache_lookups_total", (("account", ""), ("cache", "operations"), ("result", "miss"))] == 1
    assert found["linkweave_shared_total", (("what", "call"),)] == 1


def test_refused_clients_are_named_and_bearers_of_foreign_tokens_are_one() -> None:
    def tell(observer: Observer) -> None:
        for name in ("dashboard", "jwt:ann", "jwt:bob"):
            observer.ended(OperationRecord(), "refused", 0.1, 429, name)

    found = counted(tell)
    assert found["linkweave_client_refusals_total", (("client", "dashboard"),)] == 1
    assert found["linkweave_client_refusals_total", (("client", "jwt"),)] == 2


def test_reloads_and_the_version_are_told() -> None:
    metrics = Metrics("1.2")
    metrics.reloaded("refused")
    found = numbers(metrics.page("")[0].decode())
    assert found["linkweave_reloads_total", (("result", "refused"),)] == 1
    assert found["linkweave_build_info", (("version", "1.2"),)] == 1


def test_every_process_has_numbers_of_its_own() -> None:
    Metrics("1.2").reloaded("ok")
    assert not any(name == "linkweave_reloads_total" for name, _ in numbers(Metrics("1.2").page("")[0].decode()))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("", "text/plain"), ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text")],
)
def test_the_page_is_in_the_format_that_is_asked_for(accept: str, media_type: str) -> None:
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
    found = numbers(metrics_of_worker(tmp_path, "CLOSED"))
    ok = (("answered", "executed"), ("kind", "unknown"), ("outcome", "ok"))
    assert found["linkweave_operations_total", ok] == 2
    assert found["linkweave_operation_seconds_bucket", (*ok[:2], ("le", "0.25"))] == 2
    assert found["linkweave_operations_running", ()] == 2
    assert found["linkweave_circuit_state", (("account", "tinycc"),)] == 2
    assert found["linkweave_build_info", (("version", "1.2"),)] == 1
