"""Records that were looked at last, decoded: decoding and reading one costs a hundred times as much as finding it."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from linkweave.concurrency.lru import LruDict
from linkweave.transport.cache.record import Record, decode_record

# Decoded, records take about four times their bytes.
DECODED_BYTES: Final = 4_000_000
# What a decoded record takes besides what is made of it.
ENTRY_BYTES: Final = 1_000


class _Known(NamedTuple):
    raw: bytes
    record: Record


@dataclass(slots=True)
class DecodedRecords:
    """Decodes records, and remembers up to `max_bytes` of them, measured as they are encoded.

    A record is given again for the very bytes that it was decoded from and for no others: what was replaced, or dropped
    from the store, is never seen here. Whether it still holds is not asked here either.
    """

    max_bytes: int = DECODED_BYTES
    _known: LruDict[str, _Known] = field(init=False)

    def __post_init__(self) -> None:
        self._known = LruDict(max_size=self.max_bytes)

    def record(self, key: str, raw: bytes) -> Record | None:
        """The record that `raw`, kept under `key`, encodes; None for anything else."""
        known = self._known.get(key)
        if known is not None and known.raw == raw:
            return known.record
        record = decode_record(raw)
        if record is None:
            self._known.pop(key)
        else:
            self._known.put(key, _Known(raw, record), ENTRY_BYTES + len(raw))
        return record
