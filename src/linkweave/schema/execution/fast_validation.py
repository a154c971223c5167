"""Rules of validation that know of which kinds of nodes they never hear.

Alone, each looks in every document for its methods of each kind of node, nearly all of which it has not: a third of
what it takes to validate a short document, and most of what it leaves to the garbage collector.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import ASTValidationRule, ValidationContext
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.language.visitor import EnterLeaveVisitor

_NEITHER: Final = EnterLeaveVisitor(None, None)


@dataclass(frozen=True, slots=True)
class QuickRule:
    """Makes `rule` for a document, with what graphql-core would find out of the kinds that it passes over."""

    rule: type[ASTValidationRule]
    passed_over: Mapping[str, EnterLeaveVisitor]

    @classmethod
    def of(cls, rule: type[ASTValidationRule]) -> "QuickRule":
        """`rule`, all of whose methods are those of its class."""
        return cls(rule, {kind: _NEITHER for kind in QUERY_DOCUMENT_KEYS if not _hears_of(rule, kind)})

    def __call__(self, context: ValidationContext) -> ASTValidationRule:
        """The rule for one document."""
        made = self.rule(context)
        made.enter_leave_map.update(self.passed_over)
        return made


def _hears_of(rule: type[ASTValidationRule], kind: str) -> bool:
    return any(hasattr(rule, name) for name in ("enter", "leave", f"enter_{kind}", f"leave_{kind}"))
