"""What is made of an answer is made once, and of the same answer in as many ways as it is read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import pytest

from harness.emulators import NOW
from linkweave.errors import BadResponseError
from linkweave.transport.cache.parsed_content import ParsedContent, Parser
from linkweave.transport.cache.record import Record

DATA = {"clicks": [1, 2]}


class Counting:
    """Makes something of the JSON, and counts how often."""

    def __init__(self, make: Callable[[Any], object]) -> None:
        self.times = 0
        self._make = make

    def __call__(self, data: object, _: datetime) -> object:
        self.times += 1
        return self._make(data)


def kept() -> ParsedContent:
    raw = Record(NOW, NOW, NOW, {}, ParsedContent(DATA)).encode()
    assert raw is not None
    return ParsedContent(orjson.loads(raw)[-1], raw)


@pytest.mark.parametrize("content", [ParsedContent(DATA), kept()])
def test_each_reading_is_made_once_and_the_json_stays_readable(content: ParsedContent) -> None:
    total, count = Counting(lambda data: sum(data["clicks"])), Counting(lambda data: len(data["clicks"]))
    for _ in range(3):
        assert content.read(Parser("total", total), NOW) == 3
        assert content.read(Parser("count", count), NOW) == 2
        assert content.data == DATA
    assert (total.times, count.times) == (1, 1)


def test_a_reading_that_makes_nothing_is_made_once_too() -> None:
    nothing = Counting(lambda _: None)
    content = kept()
    assert [content.read(Parser("nothing", nothing), NOW) for _ in range(3)] == [None] * 3
    assert nothing.times == 1


def test_a_reading_hears_when_the_answer_was_told() -> None:
    assert kept().read(Parser("at", lambda _, at: at), NOW) == NOW


def test_a_reading_that_fails_fails_each_time_and_leaves_the_others() -> None:
    def refuse(_: object, __: datetime) -> None:
        raise BadResponseError("odd", account="main", operation="list links")

    content = kept()
    for _ in range(2):
        with pytest.raises(BadResponseError, match="odd"):
            content.read(Parser("odd", refuse), NOW)
    assert content.read(Parser("as it is", lambda data, _: data), NOW) == DATA
