"""What documents may have and ask, as far as it is the same for everybody."""

from dataclasses import dataclass, field

from linkweave.settings import LimitSettings


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Limits, and how much of the schema is told: by introspection, and by suggestions for names that are wrong."""

    limits: LimitSettings = field(default_factory=LimitSettings)
    introspection: bool = True
    suggestions: bool = True
