"""What the cache stores of an answer: its JSON, its moment, its lifetimes and its version tags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from linkweave.errors import NotFoundError
from linkweave.storage.interfaces import VersionTags
from linkweave.transport.cache.parsed_content import EMPTY, ParsedContent

# Changes with the shape of records. A record of another version counts as missing.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class CacheRecord:
    """An answer that the vendor gave at `at`, to a call that was made under `tags`.

    It is fresh until `fresh_until`, and may be used until `stale_until` where there is no newer one. `not_found` has
    the members of a not-found error, apart from account and operation. Without it, `content` is the answer.
    """

    at: datetime
    fresh_until: datetime
    stale_until: datetime
    tags: VersionTags
    content: ParsedContent = field(default=EMPTY, compare=False)
    not_found: Mapping[str, str | None] | None = None

    def encode(self) -> bytes | None:
        """Returns the record as bytes; None for data that JSON cannot hold."""
        try:
            return join_record(self.encode_head(), orjson.dumps(self.content.data))
        except orjson.JSONEncodeError:
            return None

    def encode_head(self) -> bytes:
        """Returns everything but the answer as bytes, which `join_record` puts before an encoded answer.

        Raises:
            JSONEncodeError: JSON cannot hold it.
        """
        times = [moment.timestamp() for moment in (self.at, self.fresh_until, self.stale_until)]
        return orjson.dumps([VERSION, *times, self.tags, self.not_found])


def join_record(head: bytes, data: bytes) -> bytes:
    """Returns the record that begins with the JSON list `head`, and ends with the JSON `data`."""
    return b"%b,%b]" % (head[:-1], data)


def decode_record(raw: bytes) -> CacheRecord | None:
    """Returns the record that `raw` encodes; None for bytes that encode none."""
    try:
        version, at, fresh_until, stale_until, tags, not_found, data = orjson.loads(raw)
        if version != VERSION or not _is_text(tags) or not (not_found is None or _is_text(not_found)):
            return None
        return CacheRecord(_time(at), _time(fresh_until), _time(stale_until), tags, ParsedContent(data, raw), not_found)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def encode_not_found(error: NotFoundError) -> Mapping[str, str | None]:
    """Returns the members of `error` that `decode_not_found` needs."""
    return {"message": error.message, "provider_code": error.provider_code, "field": error.field}


def decode_not_found(members: Mapping[str, str | None], account: str, operation: str) -> NotFoundError:
    """Returns the error that has these `members`."""
    return NotFoundError(
        members.get("message") or f"{account}: no such thing ({operation})",
        account=account,
        operation=operation,
        provider_code=members.get("provider_code"),
        field=members.get("field"),
    )


def _is_text(value: Any) -> bool:
    """Whether it is an object whose members are text or null."""
    return isinstance(value, dict) and all(isinstance(member, str | None) for member in value.values())


def _time(seconds: Any) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
