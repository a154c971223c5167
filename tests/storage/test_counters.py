"""Workers share counters in a real server."""

from collections.abc import Callable

from linkweave.storage.counters import ValkeyCounters
from linkweave.storage.valkey import Valkey


async def test_workers_add_to_the_same_counter(open_valkey: Callable[..., Valkey]) -> None:
    one, other = ValkeyCounters(open_valkey()), ValkeyCounters(open_valkey())
    assert [await one.add("a", 2, 60), await other.add("a", 3, 60), await other.add("b", 1, 60)] == [2, 5, 1]
    assert await one.add("a", 0, 60) == 5


async def test_a_server_that_is_not_there_has_no_counter(open_valkey: Callable[..., Valkey]) -> None:
    assert await ValkeyCounters(open_valkey("redis://127.0.0.1:1/0")).add("a", 1, 60) is None
