"""Validation rules that say which kinds of nodes they do not visit, and which documents they cannot concern.

graphql-core looks for a rule's visitor methods for each kind of node, in every document. Most rules have very few.
Skipping the look-ups saves a third of the time for a short document, and most of the garbage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from graphql import ASTValidationRule, ValidationContext
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.language.visitor import EnterLeaveVisitor
from graphql.validation import (
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    FragmentsOnCompositeTypesRule,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    NoFragmentCyclesRule,
    NoUndefinedVariablesRule,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    PossibleFragmentSpreadsRule,
    StreamDirectiveOnListField,
    UniqueArgumentNamesRule,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueVariableNamesRule,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
)

_NO_METHODS: Final = EnterLeaveVisitor(None, None)
_OF_VARIABLES: Final = ("$",)
_OF_FRAGMENTS: Final = ("...", "fragment")
_OF_DIRECTIVES: Final = ("@",)
# What stands in the text of every document that a rule can report an error of: one of these.
_SIGNS: Final[Mapping[type[ASTValidationRule], Sequence[str]]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                NoUndefinedVariablesRule,
                NoUnusedVariablesRule,
                UniqueVariableNamesRule,
                VariablesAreInputTypesRule,
                VariablesInAllowedPositionRule,
            ),
            _OF_VARIABLES,
        ),
        **dict.fromkeys(
            (
                FragmentsOnCompositeTypesRule,
                KnownFragmentNamesRule,
                NoFragmentCyclesRule,
                NoUnusedFragmentsRule,
                PossibleFragmentSpreadsRule,
                UniqueFragmentNamesRule,
            ),
            _OF_FRAGMENTS,
        ),
        **dict.fromkeys(
            (
                DeferStreamDirectiveLabel,
                DeferStreamDirectiveOnRootField,
                DeferStreamDirectiveOnValidOperationsRule,
                KnownDirectivesRule,
                StreamDirectiveOnListField,
                UniqueDirectivesPerLocationRule,
            ),
            _OF_DIRECTIVES,
        ),
        # Arguments of fields and of directives.
        UniqueArgumentNamesRule: ("(",),
    }
)


@dataclass(frozen=True, slots=True)
class FastRule:
    """Creates `rule` for a document, with graphql-core's result for the kinds of nodes that the rule skips."""

    rule: type[ASTValidationRule]
    skipped_kinds: Mapping[str, EnterLeaveVisitor]
    signs: Sequence[str] = ()

    @classmethod
    def of(cls, rule: type[ASTValidationRule]) -> "FastRule":
        """Returns the fast form of `rule`. All its visitor methods must be methods of its class."""
        skipped = {kind: _NO_METHODS for kind in QUERY_DOCUMENT_KEYS if not _visits(rule, kind)}
        return cls(rule, skipped, _SIGNS.get(rule, ()))

    def may_concern(self, text: str) -> bool:
        """Returns whether the rule can report an error of the document in `text`."""
        return not self.signs or any(sign in text for sign in self.signs)

    def __call__(self, context: ValidationContext) -> ASTValidationRule:
        """Creates the rule for one document."""
        created = self.rule(context)
        created.enter_leave_map.update(self.skipped_kinds)
        return created


def _visits(rule: type[ASTValidationRule], kind: str) -> bool:
    return any(hasattr(rule, name) for name in ("enter", "leave", f"enter_{kind}", f"leave_{kind}"))
