"""What a parser made of a stored answer is used again, as long as that answer is the stored one and is valid."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cached_vendor import CHANGE, LIST, NOW, Bench, Vendor, cache_of, cached
from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import updated
from harness.wires import in_virtual_time
from linkweave.errors import BadResponseError, NotFoundError
from linkweave.transport.cache.decoded_records import ENTRY_BYTES, DecodedRecords
from linkweave.transport.cache.parsed_content import ParsedContent, Parser
from linkweave.transport.cache.record import VERSION, CacheRecord
from linkweave.transport.refusal import Refusal

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


class CountingParser:
    """Makes something of the JSON, and counts how often."""

    def __init__(self, make: Callable[[Any], object]) -> None:
        self.times = 0
        self._make = make

    def __call__(self, data: object, _: datetime) -> object:
        self.times += 1
        return self._make(data)


class Page:
    """What the parser below makes: another one each time."""

    def __init__(self, data: object, _: datetime) -> None:
        assert isinstance(data, dict)
        self.asked = data["asked"]


PAGE = Parser("page", Page)


async def page(bench: Bench) -> Page:
    return (await bench.client.fetch(LIST, PAGE)).parse(PAGE)


async def test_operations_share_a_page_until_another_answer_is_stored() -> None:
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


async def test_each_parser_parses_an_answer_once_and_the_json_stays_readable() -> None:
    bench = cached()
    parsers = [CountingParser(lambda data: data["asked"] + 1), CountingParser(lambda _: None)]
    await bench.asked()
    for _ in range(3):
        answer = await bench.client.fetch(LIST)
        for _ in range(2):
            assert [answer.parse(Parser(number, each)) for number, each in enumerate(parsers)] == [2, None]
            assert answer.data == {"asked": 1}
    assert [each.times for each in parsers] == [1, 1]


async def test_a_parser_gets_the_moment_of_the_answer() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(30)
    assert (await bench.client.fetch(LIST)).parse(Parser("at", lambda _, at: at)) == NOW


async def test_a_parser_that_fails_fails_each_time_and_the_others_do_not() -> None:
    def refuse(_: object, __: datetime) -> None:
        raise BadResponseError("odd", account="main", operation="list links")

    bench = cached()
    await bench.asked()
    answer = await bench.client.fetch(LIST)
    for _ in range(2):
        with pytest.raises(BadResponseError, match="odd"):
            answer.parse(Parser("odd", refuse))
    assert answer.parse(Parser("as it is", lambda data, _: data)) == {"asked": 1}


@given(JSON)
def test_an_answer_of_another_worker_is_the_vendors_answer(data: object) -> None:
    async def story() -> None:
        bench = cached(Vendor(body=orjson.dumps(data)), jitter=0.3)
        first = await bench.client.fetch(LIST)
        beside = cached(Vendor(failure=AssertionError()), beside=bench)
        for _ in range(2):
            again = await beside.client.fetch(LIST)
            assert (again.data, again.at, again.fresh_until) == (data, first.at, first.fresh_until)

    in_virtual_time(story())


async def test_a_not_found_error_of_another_worker_is_the_vendors_error() -> None:
    refusal = Refusal(NotFoundError, "no such list", provider_code="PUB00301", field="slug")
    bench = cached(Vendor(status=404), classify=lambda _status, _data: refusal)
    beside = cached(Vendor(failure=AssertionError()), beside=bench)
    for each in (bench, beside):
        with pytest.raises(NotFoundError) as caught:
            await each.asked()
        error = caught.value
        assert (error.message, error.account) == ("main: no such list (list links)", "main")
        assert (error.provider_code, error.field, error.retry_after) == ("PUB00301", "slug", None)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, VERSION + 1),
        (0, None),
        (1, "1"),
        (1, None),
        (2, 1e300),
        (3, []),
        (4, None),
        (4, {"main": 7}),
        (4, {"main": "another tag"}),
        (4, ["main"]),
        (5, "text"),
        (5, {"message": 3}),
    ],
)
async def test_a_stored_record_of_another_shape_is_a_miss(place: int, value: object) -> None:
    bench = cached()
    await bench.asked()
    members = orjson.loads(await bench.store.get(bench.key) or b"")
    assert await bench.asked() == 1
    await bench.store.set(bench.key, orjson.dumps([*members[:place], value, *members[place + 1 :]]), 60)
    assert [await bench.asked(), await bench.asked()] == [2, 2]


@pytest.mark.parametrize("raw", [b"", b"garbage", b"null", b"[]", b"[1]", b"{}", b"\x80\x04N.", b"[1,2", b"\x00" * 100])
async def test_stored_bytes_that_are_no_record_are_a_miss(raw: bytes) -> None:
    bench = cached()
    await bench.asked()
    await bench.store.set(bench.key, raw, 60)
    assert [await bench.asked(), await bench.asked()] == [2, 2]


async def test_a_stored_not_found_error_without_a_message_has_one() -> None:
    bench = cached(Vendor(status=404))
    with pytest.raises(NotFoundError):
        await bench.asked()
    members = orjson.loads(await bench.store.get(bench.key) or b"")
    await bench.store.set(bench.key, orjson.dumps([*members[:5], {}, None]), 60)
    with pytest.raises(NotFoundError, match=r"main: no such thing \(list links\)"):
        await bench.asked()


async def test_an_answer_that_json_cannot_hold_is_not_stored() -> None:
    bench = cached(drop=lambda _: {"asked": "\ud800"})
    await bench.client.fetch(LIST)
    await bench.client.fetch(LIST)
    assert len(bench.vendor.seen) == 2


def test_decoded_records_are_bounded_by_the_bytes_that_they_encode() -> None:
    def raw_of(data: str) -> bytes:
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        return CacheRecord(moment, moment, moment, {}, ParsedContent(data)).encode() or b""

    raw = raw_of("x")
    decoded = DecodedRecords(2 * (ENTRY_BYTES + len(raw)))
    first = decoded.decode("a", raw)
    assert first is not None
    decoded.decode("b", raw)
    assert decoded.decode("a", bytes(bytearray(raw))) is first
    decoded.decode("b", raw_of("xx"))
    assert decoded.decode("a", raw) is not first


async def _write(bench: Bench) -> None:
    await bench.client.fetch(CHANGE)


async def _write_elsewhere(bench: Bench) -> None:
    await cached(beside=bench).client.fetch(CHANGE)


async def _invalidate(bench: Bench) -> None:
    await cache_of(bench).invalidate_all()


async def _lose(bench: Bench) -> None:
    await bench.store.delete(bench.key)


async def _wait_a_day(_: Bench) -> None:
    await asyncio.sleep(24 * 3600 + 1)


@pytest.mark.parametrize("happen", [_write, _write_elsewhere, _invalidate, _lose, _wait_a_day])
async def test_no_page_comes_from_an_answer_that_is_no_longer_valid(
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
async def test_a_list_that_was_returned_many_times_has_what_was_written_since(account: str) -> None:
    gateway = open_gateway()
    for _ in range(4):
        before = await titles(gateway, account)
    link = next(iter(before))
    await updated(gateway, link, title="Written since")
    assert await titles(gateway, account) == {**before, link: "Written since"}
