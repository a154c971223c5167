"""Caches documents by their text."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, TypeAlias

from linkweave.concurrency.lru import LruDict
from linkweave.schema.execution.document import Document

MAX_DOCUMENTS: Final = 1_000
# A parsed document takes 80 to 300 times the memory of its text.
MAX_CHARACTERS: Final = 200_000
MAX_CACHED_LENGTH: Final = 50_000
MAX_CANDIDATES: Final = 64
# The layers before the schema read a request's document too.
READS_PER_REQUEST: Final = 3

_HASH_LENGTH: Final = 16

ParseDocument: TypeAlias = Callable[[str], Document]


@dataclass(slots=True)
class _Candidate:
    """A document that was sent recently, and how often it was read."""

    document: Document
    reads: int = 1


class DocumentCache:
    """Caches what `parse_document` returns.

    The cache holds at most MAX_DOCUMENTS documents of together MAX_CHARACTERS, and none over MAX_CACHED_LENGTH. So
    documents cannot fill the memory. A document enters the cache when a second request sends it. Until then it is one
    of MAX_CANDIDATES candidates. So a client that sends a new document each time displaces no document of other
    clients, and leaves no garbage.
    """

    def __init__(self, parse_document: ParseDocument) -> None:
        self._parse_document = parse_document
        self._cached: LruDict[str, Document] = LruDict(max_entries=MAX_DOCUMENTS, max_size=MAX_CHARACTERS)
        self._candidates: LruDict[str, _Candidate] = LruDict(max_entries=MAX_CANDIDATES, max_size=MAX_CACHED_LENGTH)

    def read(self, text: str) -> Document:
        """Returns the document in `text` from the cache, or parses it."""
        cached = self._cached.get(text)
        if cached is not None:
            return cached
        candidate = self._candidates.get(text)
        if candidate is None:
            return self._read_first(text)
        candidate.reads += 1
        if candidate.reads > READS_PER_REQUEST:
            self._candidates.pop(text)
            self._cached.put(text, candidate.document, len(text))
        return candidate.document

    def _read_first(self, text: str) -> Document:
        hashed = sha256(text.encode("utf-8", "replace")).hexdigest()
        document = replace(self._parse_document(text), hash=hashed[:_HASH_LENGTH])
        if len(text) <= MAX_CACHED_LENGTH:
            self._candidates.put(text, _Candidate(document), len(text))
        return document
