"""The schema and the persisted documents, as the settings configure them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from linkweave.edge.overview import page_documents
from linkweave.edge.persisted_queries.lookup import PersistedDocuments
from linkweave.edge.persisted_queries.manifest import Manifest, read_manifest
from linkweave.edge.persisted_queries.middleware import PersistedQueryMiddleware
from linkweave.edge.pipeline import Middleware
from linkweave.schema.execution.schema import Schema
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.settings import Settings
from linkweave.storage.interfaces import Store


@dataclass(frozen=True, slots=True)
class ServedDocuments:
    """The schema with the rules of the settings, and the manifest of trusted documents."""

    schema: Schema
    manifest: Manifest

    def completion(self, settings: Settings, store: Store) -> Middleware | None:
        """Returns the layer that completes requests; None if no document can be named."""
        if not self.manifest.documents and not settings.documents.automatic:
            return None
        documents = PersistedDocuments(settings.documents, self.manifest, store, self.schema.documents.read)
        return lambda app: PersistedQueryMiddleware(app, documents)


def open_documents(settings: Settings, schema: Schema) -> ServedDocuments:
    """Returns `schema` with the policy of `settings`, and the manifest that they name.

    Raises:
        ConfigurationError: the manifest cannot be used.
    """
    server = settings.server
    policy = DocumentPolicy(settings.limits, server.allows_introspection, server.allows_suggestions)
    limited = schema.with_policy(policy)
    manifest = Manifest({**_own_documents(settings), **_given_documents(settings, limited)})
    trusting = policy.with_trusted(manifest.texts, only=settings.documents.trusted_only)
    return ServedDocuments(limited.with_policy(trusting), manifest)


def _own_documents(settings: Settings) -> Mapping[str, str]:
    return page_documents() if settings.server.overview else {}


def _given_documents(settings: Settings, schema: Schema) -> Mapping[str, str]:
    if settings.documents.manifest is None:
        return {}
    path = Path(settings.source).parent / settings.documents.manifest
    return read_manifest(path, settings.source, schema.documents.read).documents


def check_manifest(settings: Settings, build_schema: Callable[[], Schema]) -> None:
    """Read the manifest as the gateway will, if the settings name one.

    Raises:
        ConfigurationError: it cannot be used.
    """
    if settings.documents.manifest is not None:
        open_documents(settings, build_schema())
