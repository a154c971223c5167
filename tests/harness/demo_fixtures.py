"""The demo in a process of its own, for clients in processes of theirs."""

from collections.abc import Iterator

import pytest

from harness.linkweave_process import linkweave


@pytest.fixture(scope="session")
def demo_address() -> Iterator[str]:
    """Where the demo's gateway answers."""
    with linkweave("demo", "--port", "0", "--sandbox-port", "0") as running:
        yield running.wait_for(r"GraphiQL +(\S+)")[1]
