"""A body is read to its end, and whoever comes next reads it again."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive

from harness.properties import without_hurry
from linkweave.edge.http.body_buffer import read_body

GONE: Message = {"type": "http.disconnect"}


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
    body, again = await read_body(sending(part(b"0123456789"), GONE))
    assert body == b"0123456789"
    assert await read_all(again, 2) == [part(b"0123456789"), GONE]


async def test_a_request_without_a_body_has_an_empty_one() -> None:
    body, again = await read_body(sending({"type": "http.request"}, GONE))
    assert body == b""
    assert await read_all(again, 2) == [{"type": "http.request"}, GONE]


async def test_a_client_that_hangs_up_in_the_middle_has_sent_no_body() -> None:
    for messages in ([GONE], [part(b"0123", more=True), GONE]):
        body, again = await read_body(sending(*messages))
        assert body is None
        assert await read_all(again, len(messages)) == messages


@without_hurry
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=6))
async def test_a_body_is_the_same_in_however_many_pieces_it_comes(pieces: list[bytes]) -> None:
    messages = [part(piece, more=place < len(pieces) - 1) for place, piece in enumerate(pieces)]
    body, again = await read_body(sending(*messages, GONE))
    assert body == b"".join(pieces)
    assert await read_all(again, len(messages) + 1) == [*messages, GONE]
