"""A vendor's answer, whether it was fetched now or comes from the cache."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from linkweave.errors import NotFoundError, VendorError
from linkweave.transport.cache.parsed_content import ParsedContent, Parser

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FetchedAnswer:
    """An answer that the vendor gave at `at`.

    It is fresh until `fresh_until`, None for an answer that must not be stored. `stale_because` is the error of the
    refresh that failed, where a newer answer should be there. `status` is the HTTP status, 200 for a stored answer.
    """

    content: ParsedContent
    at: datetime
    fresh_until: datetime | None = None
    stale_because: VendorError | None = None
    status: int = 200

    @property
    def data(self) -> object:
        """Decoded JSON, or NotJson."""
        return self.content.data

    def parse(self, parser: Parser[T]) -> T:
        """Returns what `parser` makes of the answer.

        Raises:
            VendorError: raised by `parser`.
        """
        return self.content.parse(parser, self.at)


@dataclass(frozen=True, slots=True)
class NotFoundAnswer:
    """The vendor said at `at` that there is no such thing, which counts until `fresh_until`."""

    error: NotFoundError
    at: datetime
    fresh_until: datetime | None = None
    stale_because: None = None


CacheableAnswer: TypeAlias = FetchedAnswer | NotFoundAnswer
