"""Documents by name, as the settings ask for them: with the schema that knows which of them are trusted."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linkweave.edge.persisted_queries.lookup import PersistedDocuments
from linkweave.edge.persisted_queries.manifest import Manifest, read_manifest
from linkweave.edge.persisted_queries.middleware import PersistedLayer
from linkweave.edge.pipeline import Layer
from linkweave.schema.execution.schema import Schema
from linkweave.schema.limits.document_policy import DocumentRules
from linkweave.settings import Settings
from linkweave.storage.interfaces import Store


@dataclass(frozen=True, slots=True)
class Trusted:
    """The schema as it is served by the settings, and the documents that are trusted."""

    schema: Schema
    manifest: Manifest

    def layers(self, settings: Settings, store: Store) -> tuple[Layer, ...]:
        """What stands before the operation cache; nothing, where no document has a name."""
        if not self.manifest.documents and not settings.documents.automatic:
            return ()
        documents = PersistedDocuments(settings.documents, self.manifest, store, self.schema.documents.read)
        return (lambda app: PersistedLayer(app, documents),)


def open_documents(settings: Settings, schema: Schema) -> Trusted:
    """`schema` with the rules of `settings`, and the manifest that they name.

    Raises:
        ConfigurationError: the manifest cannot be used.
    """
    server = settings.server
    rules = DocumentRules(settings.limits, server.tells_schema, server.suggests_names)
    limited = schema.obeying(rules)
    if settings.documents.manifest is None:
        return Trusted(limited, Manifest())
    path = Path(settings.source).parent / settings.documents.manifest
    manifest = read_manifest(path, settings.source, limited.documents.read)
    return Trusted(limited.obeying(rules.trusting(manifest.texts, alone=settings.documents.trusted_only)), manifest)


def check_manifest(settings: Settings, build_schema: Callable[[], Schema]) -> None:
    """Look at the manifest as the gateway will, where the settings name one.

    Raises:
        ConfigurationError: it cannot be used.
    """
    if settings.documents.manifest is not None:
        open_documents(settings, build_schema())
