"""One sandbox for all tests that break vendors. After each test, its faults are removed."""

from collections.abc import Iterator

import pytest

from harness.world import Vendors, vendors


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    with vendors(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def mended(sandbox: Vendors) -> Iterator[None]:
    yield
    sandbox.mend()
    sandbox.forget_calls()
