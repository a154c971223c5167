"""A body is read to its end, in however many pieces it arrives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message, Receive

from linkweave.edge.http.body_buffer import read_body, replay

GONE: Message = {"type": "http.disconnect"}


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def sending(*messages: Message) -> Receive:
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0)

    return receive


async def test_a_request_without_a_body_has_an_empty_one() -> None:
    assert await read_body(sending({"type": "http.request"}, GONE)) == b""


@pytest.mark.parametrize("messages", [[GONE], [part(b"0123", more=True), GONE]])
async def test_a_client_that_disconnects_before_the_end_has_sent_no_body(messages: list[Message]) -> None:
    assert await read_body(sending(*messages)) is None


async def test_a_message_that_was_read_is_received_again_before_those_that_follow() -> None:
    receive = replay(part(b"0123"), sending(GONE))
    assert [await receive(), await receive()] == [part(b"0123"), GONE]


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=6))
async def test_a_body_is_the_same_in_however_many_pieces_it_comes(pieces: list[bytes]) -> None:
    messages = [part(piece, more=place < len(pieces) - 1) for place, piece in enumerate(pieces)]
    receive = sending(*messages, GONE)
    assert await read_body(receive) == b"".join(pieces)
    assert await receive() == GONE
