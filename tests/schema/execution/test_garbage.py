"""A request over cached answers leaves nothing of the gateway to the garbage collector."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from harness.gateway import open_gateway

LINKS = "links(first: 20) { nodes { shortUrl account { key } domain { name https } tags { name } clicks } }"


@contextmanager
def garbage() -> Iterator[Counter[str]]:
    """Counts the objects of the gateway that only the collector could free, by their classes."""
    found = Counter[str]()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        kinds = (type(each) for each in gc.garbage)
        found.update(kind.__qualname__ for kind in kinds if kind.__module__.startswith(("linkweave.", "graphql.")))
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


async def test_a_query_over_cached_answers_leaves_no_objects_in_cycles() -> None:
    gateway = open_gateway(sections={"cache": {}})
    async with gateway.client() as http:

        async def ask(number: int) -> None:
            answer = (await http.post("/graphql", json={"query": f"query Q{number} {{ {LINKS} }}"})).json()
            assert "errors" not in answer

        for number in range(5):
            await ask(number)
        with garbage() as found:
            await ask(5)
    assert found == Counter()
