"""What documents may have and ask, as far as it is the same for everybody."""

from dataclasses import dataclass, field, replace

from linkweave.settings import LimitSettings


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Limits, and how much of the schema is told: by introspection, and by suggestions for names that are wrong.

    `trusted` are the documents of the operator's own list; with `trusted_only` no others may run.
    """

    limits: LimitSettings = field(default_factory=LimitSettings)
    introspection: bool = True
    suggestions: bool = True
    trusted: frozenset[str] = frozenset()
    trusted_only: bool = False

    def trusting(self, documents: frozenset[str], *, alone: bool) -> "DocumentRules":
        """The same rules, with `documents` as trusted ones, and nothing but them where they run `alone`."""
        return replace(self, trusted=documents, trusted_only=alone)

    def refuses(self, text: str) -> bool:
        """Whether `text` is none of the documents that alone may run."""
        return self.trusted_only and text not in self.trusted
