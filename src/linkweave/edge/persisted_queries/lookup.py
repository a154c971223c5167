"""Documents that requests name in place of sending them.

By `documentId` (GraphQL over HTTP), or by `extensions.persistedQuery` with a hash and no document (Apollo). They are
either in the manifest, or were kept when a client sent hash and document together (automatic persisted queries).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import Response

from linkweave.concurrency.lru import LruDict
from linkweave.edge.http.content_negotiation import Wanted
from linkweave.edge.http.responses import json_answer
from linkweave.edge.persisted_queries.manifest import SHA256, Manifest, hash_of
from linkweave.errors import ErrorCode
from linkweave.schema.execution.document_cache import Document
from linkweave.settings import DocumentSettings
from linkweave.storage.interfaces import Store

# Apollo's clients look for these words: they answer the first by sending the document, the second by doing so for good.
NOT_FOUND: Final = ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
NOT_SUPPORTED: Final = ("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
_INVALID: Final = ErrorCode.INVALID_INPUT.value

_HASH_LENGTH: Final = 64
_MOST_REMEMBERED: Final = 500
_LONGEST_REMEMBERED: Final = 20_000


class PersistedError(Exception):
    """A request whose document cannot be found, or is not the one that it is said to be.

    `negotiated` where it is part of how clients and gateway come to an agreement, and no mistake.
    """

    def __init__(self, message: str, code: str = _INVALID, *, negotiated: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.negotiated = negotiated

    def answer(self, wanted: Wanted) -> Response:
        """One error, under the status that the caller's media type takes for requests that are not executed."""
        status = 200 if self.negotiated and not wanted.tells_by_status else 400
        error = {"message": self.message, "extensions": {"code": self.code}}
        return json_answer({"errors": [error]}, status, wanted.media_type, {"Cache-Control": "no-store"})


class PersistedDocuments:
    """Finds documents in `manifest` and among those that clients had kept in `store`; `read` tells which are valid."""

    def __init__(
        self, settings: DocumentSettings, manifest: Manifest, store: Store, read: Callable[[str], Document]
    ) -> None:
        self._settings = settings
        self._manifest = manifest
        self._store = store
        self._read = read
        self._remembered: LruDict[str, str] = LruDict(max_entries=_MOST_REMEMBERED)

    async def complete(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        """The members of a request, with the document that they name as `query`.

        Raises:
            PersistedError: there is no such document, or it is not the one that came with the request.
        """
        text = members.get("query") or None
        document_id, extensions = members.get("documentId"), members.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
        if document_id is not None:
            if text is not None or persisted is not None:
                raise PersistedError("documentId: must be sent without query and without extensions.persistedQuery.")
            return _with(members, await self._by_id(document_id))
        if persisted is None:
            return members
        document_hash = _hash_in(persisted)
        if text is None:
            return _with(members, await self._by_hash(document_hash))
        if isinstance(text, str):
            await self._keep(document_hash, text)
        return members

    async def _by_id(self, document_id: Any) -> str:
        if not isinstance(document_id, str) or not document_id:
            raise PersistedError("documentId: must be a text that is not empty.")
        found = self._manifest.find(document_id)
        if found is None and document_id.startswith(SHA256):
            found = await self._kept(document_id.removeprefix(SHA256))
        if found is None:
            raise PersistedError(f"documentId: {document_id[:100]!r} is not known. {self._remedy()}", NOT_FOUND[1])
        return found

    async def _by_hash(self, document_hash: str) -> str:
        found = self._manifest.find(document_hash) or await self._kept(document_hash)
        if found is not None:
            return found
        if self._settings.takes_new:
            raise PersistedError(*NOT_FOUND, negotiated=True)
        if not self._settings.trusted_only:
            raise PersistedError(*NOT_SUPPORTED, negotiated=True)
        raise PersistedError(f"The document {document_hash[:100]!r} is not known. {self._remedy()}")

    def _remedy(self) -> str:
        if self._settings.trusted_only:
            return "Only documents of the gateway's manifest run here; have it added there."
        return "Send the document itself, as query."

    async def _kept(self, document_hash: str) -> str | None:
        """The document that a client had kept; what the store gives is believed only if the hash is its own."""
        if not self._settings.takes_new or len(document_hash) != _HASH_LENGTH or not document_hash.isalnum():
            return None
        known = self._remembered.get(document_hash)
        if known is not None:
            return known
        stored = await self._store.get(_key(document_hash))
        text = None if stored is None else stored.decode("utf-8", "replace")
        if text is None or hash_of(text) != document_hash:
            return None
        self._remember(document_hash, text)
        return text

    async def _keep(self, document_hash: str, text: str) -> None:
        """Keep a document that came with its hash, if there is nothing wrong with it."""
        if self._manifest.find(document_hash) == text:
            return
        if hash_of(text) != document_hash:
            raise PersistedError("extensions.persistedQuery.sha256Hash: provided sha does not match query.")
        if self._settings.takes_new and not self._read(text).errors:
            await self._store.set(_key(document_hash), text.encode(), self._settings.automatic_seconds)
            self._remember(document_hash, text)

    def _remember(self, document_hash: str, text: str) -> None:
        if len(text) <= _LONGEST_REMEMBERED:
            self._remembered.put(document_hash, text)


def _hash_in(persisted: Any) -> str:
    if not isinstance(persisted, Mapping) or persisted.get("version") != 1:
        raise PersistedError("extensions.persistedQuery: must be an object with version 1 and sha256Hash.")
    document_hash = persisted.get("sha256Hash")
    if not isinstance(document_hash, str) or not document_hash:
        raise PersistedError("extensions.persistedQuery.sha256Hash: must be a text that is not empty.")
    return document_hash


def _with(members: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    return {**{name: value for name, value in members.items() if name != "documentId"}, "query": text}


def _key(document_hash: str) -> str:
    return f"document/{document_hash}"
