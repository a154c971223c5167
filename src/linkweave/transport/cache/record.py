"""What is kept of an answer: its JSON, when it was told, how long that holds, and under which marks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from linkweave.errors import NotFoundError
from linkweave.transport.cache.parsed_content import NOTHING, ParsedContent

# Another number whenever a record's shape changes: what another version wrote is as if it were not there.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Record:
    """An answer that was told at `at`, while the generations had `marks`.

    It is fresh until `fresh_until`, and may be shown until `stale_until` where nothing newer can be had. `missing` is
    what a not-found error says besides account and operation; `content` is the answer where there was none.
    """

    at: datetime
    fresh_until: datetime
    stale_until: datetime
    marks: Mapping[str, str]
    content: ParsedContent = field(default=NOTHING, compare=False)
    missing: Mapping[str, str | None] | None = None

    def encode(self) -> bytes | None:
        """As bytes; None where the data cannot be written as JSON."""
        times = [moment.timestamp() for moment in (self.at, self.fresh_until, self.stale_until)]
        try:
            return orjson.dumps([VERSION, *times, self.marks, self.missing, self.content.data])
        except orjson.JSONEncodeError:
            return None


def decode_record(raw: bytes) -> Record | None:
    """The record that was encoded as `raw`; None for anything else."""
    try:
        version, at, fresh_until, stale_until, marks, missing, data = orjson.loads(raw)
        if version != VERSION or not _is_text(marks) or not (missing is None or _is_text(missing)):
            return None
        return Record(_time(at), _time(fresh_until), _time(stale_until), marks, ParsedContent(data, raw), missing)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def missing_of(error: NotFoundError) -> Mapping[str, str | None]:
    """What has to be known to raise `error` again."""
    return {"message": error.message, "provider_code": error.provider_code, "field": error.field}


def not_found(missing: Mapping[str, str | None], account: str, operation: str) -> NotFoundError:
    """The error that `missing` was made of."""
    return NotFoundError(
        missing.get("message") or f"{account}: no such thing ({operation})",
        account=account,
        operation=operation,
        provider_code=missing.get("provider_code"),
        field=missing.get("field"),
    )


def _is_text(value: Any) -> bool:
    """Whether it is an object whose members are text or null."""
    return isinstance(value, dict) and all(isinstance(member, str | None) for member in value.values())


def _time(seconds: Any) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
