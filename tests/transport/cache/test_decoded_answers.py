"""What was made of a kept answer is shown again, as long as that answer is the one that is kept and holds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from harness.cached_vendor import CHANGE, LIST, Bench, cached
from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import updated
from linkweave.transport.cache.parsed_content import Parser


class Page:
    """What the reading under test makes: another one each time."""

    def __init__(self, data: object, _: datetime) -> None:
        assert isinstance(data, dict)
        self.asked = data["asked"]


READING = Parser("page", Page)


async def page(bench: Bench) -> Page:
    return (await bench.client.fetch(LIST, READING)).read(READING)


async def test_operations_are_shown_the_same_page_until_another_one_is_kept() -> None:
    bench = cached()
    await page(bench)
    shown = [await page(bench) for _ in range(3)]
    assert {each.asked for each in shown} == {1}
    assert len(set(map(id, shown))) == 1
    await asyncio.sleep(61)
    assert await page(bench) is shown[0]
    await asyncio.sleep(0.1)
    later = await page(bench)
    assert later.asked == 2
    assert await page(bench) is later


async def _write(bench: Bench) -> None:
    await bench.client.fetch(CHANGE)


async def _write_elsewhere(bench: Bench) -> None:
    await cached(beside=bench).client.fetch(CHANGE)


async def _forget(bench: Bench) -> None:
    assert bench.client.cache is not None
    await bench.client.cache.forget()


async def _lose(bench: Bench) -> None:
    assert bench.client.cache is not None
    await bench.store.delete(bench.client.cache._key(LIST))  # noqa: SLF001 - nobody else says under which key


async def _wait_a_day(_: Bench) -> None:
    await asyncio.sleep(24 * 3600 + 1)


@pytest.mark.parametrize("happen", [_write, _write_elsewhere, _forget, _lose, _wait_a_day])
async def test_no_page_is_shown_from_a_decoded_copy_of_what_holds_no_more(
    happen: Callable[[Bench], Awaitable[None]],
) -> None:
    bench = cached()
    for _ in range(3):
        assert (await page(bench)).asked == 1
    await happen(bench)
    assert (await page(bench)).asked > 1


async def titles(gateway: Gateway, account: str) -> dict[str, str]:
    data = await gateway.data(
        "query ($keys: [ID!]) { links(first: 5, filter: { accounts: $keys }) { nodes { id title } } }", keys=[account]
    )
    return {link["id"]: link["title"] for link in data["links"]["nodes"]}


@pytest.mark.parametrize("account", ["picsee-main", "shortenworld"])
async def test_a_list_that_was_shown_many_times_shows_what_was_written_since(account: str) -> None:
    gateway = open_gateway()
    for _ in range(4):
        before = await titles(gateway, account)
    link = next(iter(before))
    await updated(gateway, link, title="Written since")
    assert await titles(gateway, account) == {**before, link: "Written since"}
