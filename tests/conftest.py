"""Which tests run in virtual time: those that keep to this process and to the loop's clock."""

import asyncio
import logging
from collections.abc import Callable, Iterator

import pytest

from virtual_time import VirtualTimeLoop

pytest_plugins = ["demo_fixtures", "valkey_fixtures", "world_fixtures"]

VIRTUAL = frozenset({"caching", "callers", "contract", "limits", "mutations", "observability", "schema"})


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.path.parent.name in VIRTUAL:
        return {"virtual": VirtualTimeLoop}
    return {"real": asyncio.new_event_loop}


@pytest.fixture
def kept_logging() -> Iterator[None]:
    """Whatever a test does to the root logger is undone: commands set up the log of their process, here the tests'."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
