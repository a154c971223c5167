"""A decoded record is given for the bytes that it was decoded from, for no others, and not for ever."""

import pytest

from harness.emulators import NOW
from linkweave.transport.cache.decoded_records import ENTRY_BYTES, DecodedRecords
from linkweave.transport.cache.parsed_content import ParsedContent
from linkweave.transport.cache.record import Record


def raw_of(data: object) -> bytes:
    raw = Record(NOW, NOW, NOW, {"main": "7"}, ParsedContent(data)).encode()
    assert raw is not None
    return raw


def data_of(records: DecodedRecords, key: str, raw: bytes) -> object:
    record = records.record(key, raw)
    assert record is not None
    return record.content.data


def test_the_same_bytes_are_decoded_once_whether_or_not_they_are_the_same_object() -> None:
    records, raw = DecodedRecords(10_000), raw_of({"a": 1})
    first = records.record("a", raw)
    assert first is not None
    assert records.record("a", raw) is first
    assert records.record("a", bytes(bytearray(raw))) is first


def test_other_bytes_under_the_same_key_are_another_record() -> None:
    records = DecodedRecords(10_000)
    for number in (1, 2, 1, 3):
        assert data_of(records, "a", raw_of({"a": number})) == {"a": number}


@pytest.mark.parametrize("raw", [b"", b"[]", b"\x00"])
def test_what_is_no_record_takes_the_place_of_one_and_is_none(raw: bytes) -> None:
    records, good = DecodedRecords(10_000), raw_of({"a": 1})
    before = records.record("a", good)
    assert records.record("a", raw) is None
    after = records.record("a", good)
    assert after is not None
    assert after is not before


def test_what_was_not_looked_at_for_longest_is_decoded_anew() -> None:
    raws = {key: raw_of({"name": key}) for key in "abcd"}
    records = DecodedRecords(3 * (ENTRY_BYTES + len(raws["a"])))
    first = {key: records.record(key, raws[key]) for key in "abc"}
    assert records.record("a", raws["a"]) is first["a"]
    records.record("d", raws["d"])
    assert records.record("a", raws["a"]) is first["a"]
    assert records.record("c", raws["c"]) is first["c"]
    assert records.record("b", raws["b"]) is not first["b"]


def test_a_record_of_more_bytes_than_there_is_room_for_is_decoded_each_time() -> None:
    records, raw = DecodedRecords(5_000), raw_of("x" * 5_000)
    assert data_of(records, "a", raw) == "x" * 5_000
    assert records.record("a", raw) is not records.record("a", raw)
