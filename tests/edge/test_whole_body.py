"""A body is read to its end, but never further than it may be long, and whoever comes next reads it again."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive

from linkweave.edge.whole_body import read_body
from properties import without_hurry

GONE: Message = {"type": "http.disconnect"}
LIMIT = 10


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def sending(*messages: Message) -> Receive:
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0)

    return receive


async def read_all(receive: Receive, count: int) -> list[Message]:
    return [await receive() for _ in range(count)]


async def test_a_body_in_one_piece_is_read() -> None:
    body, again = await read_body(sending(part(b"0123456789"), GONE), LIMIT)
    assert body == b"0123456789"
    assert await read_all(again, 2) == [part(b"0123456789"), GONE]


async def test_a_request_without_a_body_has_an_empty_one() -> None:
    body, again = await read_body(sending({"type": "http.request"}, GONE), LIMIT)
    assert body == b""
    assert await read_all(again, 2) == [{"type": "http.request"}, GONE]


async def test_a_body_that_is_longer_is_read_no_further_than_its_limit() -> None:
    messages = [part(b"01234", more=True), part(b"56789", more=True), part(b"a", more=True), part(b"b")]
    unread = sending(*messages)
    body, again = await read_body(unread, LIMIT)
    assert body is None
    assert await unread() == messages[3]
    assert await read_all(again, 3) == messages[:3]


async def test_a_body_in_one_piece_that_is_longer_is_left_to_others() -> None:
    body, again = await read_body(sending(part(b"0123456789a")), LIMIT)
    assert body is None
    assert await again() == part(b"0123456789a")


async def test_a_client_that_hangs_up_in_the_middle_has_sent_no_body() -> None:
    for messages in ([GONE], [part(b"0123", more=True), GONE]):
        body, again = await read_body(sending(*messages), LIMIT)
        assert body is None
        assert await read_all(again, len(messages)) == messages


@without_hurry
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=6))
async def test_a_body_is_the_same_in_however_many_pieces_it_comes(pieces: list[bytes]) -> None:
    messages = [part(piece, more=place < len(pieces) - 1) for place, piece in enumerate(pieces)]
    body, again = await read_body(sending(*messages, GONE), 100)
    assert body == b"".join(pieces)
    assert await read_all(again, len(messages) + 1) == [*messages, GONE]
