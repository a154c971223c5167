"""The latest records, decoded: to decode and parse one takes a hundred times as long as to find it."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from linkweave.concurrency.lru import LruDict
from linkweave.transport.cache.record import CacheRecord, decode_record

# A decoded record takes about four times the memory of its bytes.
DECODED_BYTES: Final = 4_000_000
# Memory of a decoded record beside what is parsed from it.
ENTRY_BYTES: Final = 1_000


class _DecodedRecord(NamedTuple):
    raw: bytes
    record: CacheRecord


@dataclass(slots=True)
class DecodedRecords:
    """Decodes records, and holds up to `max_bytes` of them, measured as they are encoded.

    A decoded record is returned again only for the very bytes that it was decoded from. So a record that the store
    replaced or dropped is not returned here. Whether a record is still valid is up to the caller.
    """

    max_bytes: int = DECODED_BYTES
    _decoded: LruDict[str, _DecodedRecord] = field(init=False)

    def __post_init__(self) -> None:
        self._decoded = LruDict(max_size=self.max_bytes)

    def keep(self, key: str, raw: bytes, record: CacheRecord) -> None:
        """Keeps `record`, which `raw` encodes, so that what was parsed from a new answer is not parsed again."""
        record.content.use_record(raw)
        self._decoded.put(key, _DecodedRecord(raw, record), ENTRY_BYTES + len(raw))

    def decode(self, key: str, raw: bytes) -> CacheRecord | None:
        """Returns the record that `raw`, the value of `key`, encodes; None for bytes that encode none."""
        decoded = self._decoded.get(key)
        if decoded is not None and decoded.raw == raw:
            return decoded.record
        record = decode_record(raw)
        if record is None:
            self._decoded.pop(key)
        else:
            self._decoded.put(key, _DecodedRecord(raw, record), ENTRY_BYTES + len(raw))
        return record
