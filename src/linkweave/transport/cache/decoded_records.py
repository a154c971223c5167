"""Records that were looked at last, decoded: decoding and reading one costs a hundred times as much as finding it."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

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
    _known: OrderedDict[str, _Known] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def record(self, key: str, raw: bytes) -> Record | None:
        """The record that `raw`, kept under `key`, encodes; None for anything else."""
        known = self._known.get(key)
        if known is not None and known.raw == raw:
            self._known.move_to_end(key)
            return known.record
        if known is not None:
            self._drop(key)
        record = decode_record(raw)
        if record is not None:
            self._known[key] = _Known(raw, record)
            self._bytes += ENTRY_BYTES + len(raw)
        while self._bytes > self.max_bytes:
            self._drop(next(iter(self._known)))
        return record

    def _drop(self, key: str) -> None:
        self._bytes -= ENTRY_BYTES + len(self._known.pop(key).raw)
