"""What a vendor told, whether it was asked just now or is remembered."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from linkweave.errors import NotFoundError, VendorError
from linkweave.transport.cache.parsed_content import ParsedContent, Parser

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FetchedAnswer:
    """An answer and when the vendor told it.

    It is fresh until `fresh_until`, None for what must not be kept. `stale_because` says why there is nothing newer,
    where something should be.
    """

    content: ParsedContent
    at: datetime
    fresh_until: datetime | None = None
    stale_because: VendorError | None = None

    @property
    def data(self) -> object:
        """Decoded JSON, or NotJson."""
        return self.content.data

    def read(self, reading: Parser[T]) -> T:
        """What `reading` makes of it.

        Raises:
            VendorError: whatever `reading` raises.
        """
        return self.content.read(reading, self.at)


@dataclass(frozen=True, slots=True)
class NotFoundAnswer:
    """The vendor told at `at` that there is no such thing; so it is taken until `fresh_until`."""

    error: NotFoundError
    at: datetime
    fresh_until: datetime | None = None
    stale_because: None = None


CacheableAnswer: TypeAlias = FetchedAnswer | NotFoundAnswer
