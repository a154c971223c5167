"""The demo in a process of its own, for clients in processes of theirs."""

import threading
from collections.abc import Iterator

import pytest

from linkweave_process import Running, linkweave


@pytest.fixture(scope="session")
def demo_address() -> Iterator[str]:
    """Where the demo's gateway answers."""
    with linkweave("demo", "--port", "0", "--sandbox-port", "0") as running:
        found = running.wait_for(r"GraphiQL +(\S+)")
        reading = threading.Thread(target=_read, args=[running])
        reading.start()
        try:
            yield found[1]
        finally:
            running.process.terminate()
            reading.join()


def _read(running: Running) -> None:
    """Take what it prints, so that it does not wait for a reader."""
    assert running.process.stdout is not None
    running.lines.extend(running.process.stdout)
