"""The manifest: a file of trusted documents, written when a client is built and read when the gateway starts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias

import orjson

from linkweave.errors import ConfigurationError
from linkweave.schema.execution.document import Document

APOLLO: Final = "apollo-persisted-query-manifest"
SHA256: Final = "sha256:"
_MAX_PROBLEMS: Final = 10

# A name for messages, the id, and the document.
_Entry: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Documents by their ids, and by their SHA-256 in hexadecimal."""

    documents: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> frozenset[str]:
        """The documents themselves."""
        return frozenset(self.documents.values())

    def find(self, document_id: str) -> str | None:
        """Returns the document with that id or hash."""
        return self.documents.get(document_id) or self.documents.get(document_id.removeprefix(SHA256))


def hash_of(text: str) -> str:
    """Returns the SHA-256 of a document, in lower-case hexadecimal."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def read_manifest(path: Path, source: object, read: Callable[[str], Document]) -> Manifest:
    """Returns the manifest at `path`, if all its documents are valid. `read` validates a document.

    It is a JSON object of documents by their ids, as Relay and GraphQL Code Generator write it, or has Apollo's format.

    Raises:
        ConfigurationError: the message names `source`, the key in it, the file, and the entry in the file.
    """
    where = f"{source}: documents.manifest: {path}"
    try:
        entries = list(_entries(orjson.loads(path.read_bytes())))
    except OSError as error:
        raise ConfigurationError(f"{where} cannot be read: {error.strerror or error}") from None
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(f"{where} is not JSON: {error}") from None
    except ValueError as error:
        raise ConfigurationError(f"{where}: {error}") from None
    problems = [*_contradictions(entries), *_invalid_documents(entries, read)]
    if problems:
        more = len(problems) - _MAX_PROBLEMS
        listed = problems[:_MAX_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise ConfigurationError("\n".join(f"{where}: {problem}" for problem in listed))
    by_hash = {hash_of(text): text for _, _, text in entries}
    return Manifest({**by_hash, **{document_id.removeprefix(SHA256): text for _, document_id, text in entries}})


def _entries(content: Any) -> Iterator[_Entry]:
    """Yields the entries of a manifest in either format.

    Raises:
        ValueError: it has neither format.
    """
    if not isinstance(content, dict):
        raise ValueError("must be a JSON object of documents by their ids, or Apollo's manifest")  # noqa: TRY004 - reported as every other problem of the file
    if content.get("format") == APOLLO:
        yield from _apollo_entries(content)
        return
    for document_id, text in content.items():
        if not isinstance(text, str):
            raise ValueError(f"{document_id[:80]!r}: must be a document, as text")  # noqa: TRY004 - as above
        yield repr(document_id[:80]), document_id, text


def _apollo_entries(content: Mapping[str, Any]) -> Iterator[_Entry]:
    operations = content.get("operations")
    if content.get("version") != 1 or not isinstance(operations, list):
        raise ValueError(f"must be of version 1 and have a list of operations, as {APOLLO} has")
    for place, operation in enumerate(operations):
        members = operation if isinstance(operation, dict) else {}
        document_id, text = members.get("id"), members.get("body")
        if not isinstance(document_id, str) or not isinstance(text, str):
            raise ValueError(f"operations[{place}]: must have an id and a body, as texts")  # noqa: TRY004 - as above
        name = members.get("name")
        yield f"operations[{place}]" + (f" ({name})" if isinstance(name, str) else ""), document_id, text


def _contradictions(entries: Iterable[_Entry]) -> Iterator[str]:
    """Yields ids that two documents have, and hashes that are not those of their documents."""
    known: dict[str, str] = {}
    for name, document_id, text in entries:
        if document_id.startswith(SHA256) and document_id != SHA256 + hash_of(text):
            yield f"{name}: the id is not the SHA-256 of the document, which is {SHA256}{hash_of(text)}"
        if known.setdefault(document_id, text) != text:
            yield f"{name}: another document has the same id"


def _invalid_documents(entries: Iterable[_Entry], read: Callable[[str], Document]) -> Iterator[str]:
    for name, _, text in entries:
        document = read(text)
        for error in document.errors[:1]:
            at = "".join(f" (line {place.line}, column {place.column})" for place in (error.locations or ())[:1])
            yield f"{name}: {error.message[:300]}{at}"
        if not document.errors and not document.operations:
            yield f"{name}: has no operation"
