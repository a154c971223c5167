"""Finds the documents that requests name instead of sending them.

A request names one by `documentId` (GraphQL over HTTP), or by `extensions.persistedQuery` with a hash and no document
(Apollo). The document is in the manifest, or was stored when a client sent it together with its hash (automatic
persisted queries).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import Response

from linkweave.concurrency.lru import LruDict
from linkweave.edge.http.content_negotiation import ResponseFormat
from linkweave.edge.http.responses import json_response
from linkweave.edge.persisted_queries.manifest import SHA256, Manifest, hash_of
from linkweave.errors import ErrorCode
from linkweave.schema.execution.document import Document
from linkweave.settings import DocumentSettings
from linkweave.storage.interfaces import Store

# Apollo's clients react to these words: to the first they send the document, after the second they always do.
NOT_FOUND: Final = ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
NOT_SUPPORTED: Final = ("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
_INVALID: Final = ErrorCode.INVALID_INPUT.value

_HASH_LENGTH: Final = 64
# Maximum number, and maximum length, of documents that this process keeps besides those in the store.
_MAX_DOCUMENTS: Final = 500
_MAX_CHARACTERS: Final = 20_000


class PersistedQueryError(Exception):
    """The document of a request cannot be found, or does not have the hash that the request states.

    A request for an unknown document is well-formed: it may be the first step of a negotiation.
    """

    def __init__(self, message: str, code: str = _INVALID) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def response(self, response_format: ResponseFormat) -> Response:
        """Returns one error, with the status that the caller's media type has for requests that are not executed."""
        status = 400 if self.code == _INVALID or response_format.uses_status else 200
        error = {"message": self.message, "extensions": {"code": self.code}}
        return json_response({"errors": [error]}, status, response_format.media_type, {"Cache-Control": "no-store"})


class PersistedDocuments:
    """The documents of `manifest`, and those that clients have stored in `store`. `read` validates a document."""

    def __init__(
        self, settings: DocumentSettings, manifest: Manifest, store: Store, read: Callable[[str], Document]
    ) -> None:
        self._settings = settings
        self._manifest = manifest
        self._store = store
        self._read = read
        self._remembered: LruDict[str, str] = LruDict(max_entries=_MAX_DOCUMENTS)

    async def complete(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        """Returns the members of a request, with the document that they name as `query`.

        Raises:
            PersistedQueryError: there is no such document, or it does not have the stated hash.
        """
        text = members.get("query") or None
        document_id, extensions = members.get("documentId"), members.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
        if document_id is not None:
            if text is not None or persisted is not None:
                raise PersistedQueryError("documentId: send it without query and without extensions.persistedQuery.")
            return _with_document(members, await self._by_id(document_id))
        if persisted is None:
            return members
        document_hash = _stated_hash(persisted)
        if text is None:
            return _with_document(members, await self._by_hash(document_hash))
        if isinstance(text, str):
            await self._store_document(document_hash, text)
        return members

    async def _by_id(self, document_id: Any) -> str:
        if not isinstance(document_id, str) or not document_id:
            raise PersistedQueryError("documentId: must be a text that is not empty.")
        found = self._manifest.find(document_id)
        if found is None and document_id.startswith(SHA256):
            found = await self._stored(document_id.removeprefix(SHA256))
        if found is None:
            raise PersistedQueryError(f"documentId: {document_id[:100]!r} is unknown. {self._remedy()}", NOT_FOUND[1])
        return found

    async def _by_hash(self, document_hash: str) -> str:
        found = self._manifest.find(document_hash) or await self._stored(document_hash)
        if found is not None:
            return found
        if self._settings.accepts_new:
            raise PersistedQueryError(*NOT_FOUND)
        if not self._settings.trusted_only:
            raise PersistedQueryError(*NOT_SUPPORTED)
        raise PersistedQueryError(f"The document {document_hash[:100]!r} is unknown. {self._remedy()}", NOT_FOUND[1])

    def _remedy(self) -> str:
        if self._settings.trusted_only:
            return "Only documents of the gateway's manifest run here; have it added there."
        return "Send the document itself, as query."

    async def _stored(self, document_hash: str) -> str | None:
        """Returns a document that a client has stored. The store's answer counts only if it has the right hash."""
        if not self._settings.accepts_new or len(document_hash) != _HASH_LENGTH or not document_hash.isalnum():
            return None
        known = self._remembered.get(document_hash)
        if known is not None:
            return known
        stored = await self._store.get(_store_key(document_hash))
        text = None if stored is None else stored.decode("utf-8", "replace")
        if text is None or hash_of(text) != document_hash:
            return None
        self._remember(document_hash, text)
        return text

    async def _store_document(self, document_hash: str, text: str) -> None:
        """Store a document that was sent with its hash, if it is valid."""
        if self._manifest.find(document_hash) == text:
            return
        if hash_of(text) != document_hash:
            raise PersistedQueryError("extensions.persistedQuery.sha256Hash: provided sha does not match query.")
        if self._settings.accepts_new and not self._read(text).errors:
            await self._store.set(_store_key(document_hash), text.encode(), self._settings.automatic_seconds)
            self._remember(document_hash, text)

    def _remember(self, document_hash: str, text: str) -> None:
        if len(text) <= _MAX_CHARACTERS:
            self._remembered.put(document_hash, text)


def _stated_hash(persisted: Any) -> str:
    if not isinstance(persisted, Mapping) or persisted.get("version") != 1:
        raise PersistedQueryError("extensions.persistedQuery: must be an object with version 1 and sha256Hash.")
    document_hash = persisted.get("sha256Hash")
    if not isinstance(document_hash, str) or not document_hash:
        raise PersistedQueryError("extensions.persistedQuery.sha256Hash: must be a text that is not empty.")
    return document_hash


def _with_document(members: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    return {**{name: value for name, value in members.items() if name != "documentId"}, "query": text}


def _store_key(document_hash: str) -> str:
    return f"document/{document_hash}"
