"""What documents may contain. It is the same for all callers."""

from dataclasses import dataclass, field, replace

from linkweave.settings import LimitSettings


@dataclass(frozen=True, slots=True)
class DocumentPolicy:
    """The limits of documents, and which features they may use.

    `introspection` allows queries of the schema. `suggestions` adds similar names to errors about unknown names.
    `trusted` are the documents of the operator's manifest. With `trusted_only` no others may run.
    """

    limits: LimitSettings = field(default_factory=LimitSettings)
    introspection: bool = True
    suggestions: bool = True
    trusted: frozenset[str] = frozenset()
    trusted_only: bool = False

    def with_trusted(self, documents: frozenset[str], *, only: bool) -> "DocumentPolicy":
        """Returns the same policy with `documents` as trusted ones. With `only`, no other documents may run."""
        return replace(self, trusted=documents, trusted_only=only)

    def rejects(self, text: str) -> bool:
        """Returns whether `text` must not run because it is not a trusted document."""
        return self.trusted_only and text not in self.trusted
