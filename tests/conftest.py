"""Which tests run in virtual time, and which are measured for coverage.

Tests run in virtual time if they keep to this process and to the loop's clock. A test in such a folder that opens
sockets is marked `real_time`.
"""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from harness.virtual_time import VirtualTimeLoop
from linkweave.runtime.garbage_collector import set_garbage_collector

# On a busy machine, neither an example nor its making takes a time that says anything about the property.
settings.register_profile("linkweave", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linkweave")

pytest_plugins = [
    "harness.axe",
    "harness.browser_fixtures",
    "harness.catalog_fixtures",
    "harness.demo_fixtures",
    "harness.valkey_fixtures",
    "harness.world_fixtures",
]

TESTS = Path(__file__).parent
VIRTUAL = (
    "cli/mcp",
    "context",
    "contract",
    "edge/auth",
    "edge/endpoint",
    "edge/response_cache",
    "edge/webhooks",
    "gather",
    "observability",
    "schema",
    "transport",
)
# Measuring coverage nearly doubles the processor time of a test on Python 3.11, which has no sys.monitoring. These
# suites run next to nothing that other tests do not run, so they count for nothing in the report: with them, it would
# be one in a hundred branches higher at most. MEASURED, with a context of coverage.py for each module.
UNMEASURED = (
    "catalog/faults",
    "catalog/reads/test_known_groups.py",
    "catalog/reads/test_known_link_pages.py",
    "catalog/sync/test_published_events.py",
    "catalog/sync/test_small_plans.py",
    "catalog/sync/test_sync_property.py",
    "catalog/writes",
    "cli/test_demo.py",
    "cli/test_main.py",
    "cli/test_new_provider.py",
    "cli/test_stopping.py",
    "client/test_documented_examples.py",
    "client/test_generated.py",
    "clients",
    "contract",
    "edge/auth/test_hidden_is_unknown.py",
    "edge/auth/test_origins.py",
    "edge/auth/test_visibility.py",
    "edge/graphiql",
    "edge/http",
    "edge/overview",
    "faults",
    "gather/caching",
    "jobs/copying/test_killed_copy.py",
    "providers/cuttly/test_cuttly_property.py",
    "providers/tinycc/test_tinycc_writes_property.py",
    "recipes",
    "runtime/test_preload.py",
    "sandbox",
    "schema/execution/compiled/test_equivalence.py",
    "schema/execution/test_fast_validation.py",
    "schema/execution/test_loop_turns.py",
    "schema/faults",
    "schema/operations/test_any_input.py",
    "schema/operations/test_large_batches.py",
    "schema/test_call_counts.py",
    "schema/test_circuits.py",
    "schema/test_demo_query.py",
    "schema/test_every_account.py",
    "schema/test_exhausted_quotas.py",
    "schema/test_secrets.py",
    "schema/test_stats_of_many_links.py",
    "schema/types",
    "server/test_processes.py",
    "server/test_upgrade_requests.py",
    "storage/test_refusing_servers.py",
    "transport/rate_limit/test_limiter_property.py",
    "transport/rate_limit/test_shared_slots.py",
)
# The runs of two vendors show what the testing kit of the contract does. All others repeat them.
MEASURED = ("contract/test_tinycc_contract.py", "contract/test_dub_contract.py")


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.new_event_loop}
    if _is_below(item, VIRTUAL):
        return {"virtual": VirtualTimeLoop}
    return {"real": asyncio.new_event_loop}


def _is_below(item: pytest.Item, folders: tuple[str, ...]) -> bool:
    path = item.path.relative_to(TESTS).as_posix()
    return any(path == known or path.startswith(f"{known}/") for known in folders)


@contextmanager
def _unmeasured() -> Iterator[None]:
    """Neither this process nor those that it starts are measured meanwhile.

    In a test worker, three measurements lie upon each other: of the process, and two of pytest-cov. Its marker
    `no_cover` stops the upper one, and the next one goes on.
    """
    stopped = []
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        while (measurement := Coverage.current()) is not None:
            measurement.stop()
            stopped.append(measurement)
        try:
            yield
        finally:
            for measurement in reversed(stopped):
                measurement.start()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """All test workers import the same modules, so one of them measures that.

    Nearly nothing becomes garbage meanwhile, and to look for it takes a third of the time. MEASURED.
    """
    worker = getattr(session.config, "workerinput", {}).get("workerid", "gw0")
    gc.disable()
    try:
        with nullcontext() if worker == "gw0" else _unmeasured():
            return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules over the demo come first, so that one test worker starts it: a demo reads its vendors until it ends.

    Tests in virtual time never wait, so they fill the cores last, in whatever parts the workers leave each other.
    """
    over_the_demo = {item.path for item in items if "demo_address" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path not in over_the_demo, _is_below(item, VIRTUAL)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    is_measured = _is_below(item, MEASURED) or not _is_below(item, UNMEASURED)
    with nullcontext() if is_measured else _unmeasured():
        return (yield)


def pytest_configure() -> None:
    # The process that leads the test workers collects no tests.
    set_garbage_collector()
    # For each request, the HTTP client looks for this package, and finds it in no folder. Told so, it saves a tenth of
    # the time. MEASURED.
    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment] # which is how Python marks what must not be found
    # A shell starts a job in the background with Ctrl+C ignored, and all programs of the tests would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    # Modules and tests stay to the end, as in a server. The tests then take a quarter less of the processor's time.
    # MEASURED.
    set_garbage_collector()


@pytest.fixture
def kept_logging() -> Iterator[None]:
    """Whatever a test does to the root logger is undone: commands set up the log of their process, here the tests'."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
