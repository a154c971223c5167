"""The demo in a process of its own, for clients in processes of theirs."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from harness.linkweave_process import linkweave


@pytest.fixture(scope="session")
def demo_address() -> Iterator[str]:
    """Where the demo's gateway answers. It is not measured for coverage: it lives as long as the tests."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
            running = stack.enter_context(linkweave("demo", "--port", "0", "--sandbox-port", "0"))
        yield running.wait_for(r"GraphiQL +(\S+)")[1]
