"""Parses documents and validates them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, cast

from graphql import (
    REMOVE,
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    GraphQLDeferDirective,
    GraphQLError,
    GraphQLSchema,
    GraphQLStreamDirective,
    OperationDefinitionNode,
    Visitor,
    VisitorAction,
    parse,
    validate,
    visit,
)
from graphql.validation import NoSchemaIntrospectionCustomRule

from linkweave.schema.execution.callers_own import has_callers_own
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.fast_validation import FastRule
from linkweave.schema.execution.quick_validation import is_certainly_valid
from linkweave.schema.execution.request_errors import add_input_codes, merge_same_errors
from linkweave.schema.limits.cost.document_costs import CostTermCollector
from linkweave.schema.limits.cost.rules import COST_RULES
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.schema.limits.size_terms import SizeTermCollector
from linkweave.schema.limits.structure_limits import check_structure
from linkweave.schema.limits.text_limits import check_text

# Maximum number of errors that validation reports for one document. More would be work without use.
MAX_ERRORS: Final = 20

_NO_INTROSPECTION: Final = FastRule.of(NoSchemaIntrospectionCustomRule)
_INCREMENTAL: Final = (GraphQLDeferDirective.name, GraphQLStreamDirective.name)


@dataclass(frozen=True, slots=True)
class DocumentParser:
    """Parses documents and validates them against `schema`. Each step bounds the work of the next one."""

    schema: GraphQLSchema
    rules: Sequence[FastRule]
    policy: DocumentPolicy = field(default_factory=DocumentPolicy)
    sizes: SizeTermCollector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", SizeTermCollector(self.schema))

    def __call__(self, text: str) -> Document:
        """Returns the document in `text`. Its errors have codes."""
        if self.policy.rejects(text):
            return Document((_not_trusted(text),))
        document = self._parse(text)
        return replace(document, trusted=True) if text in self.policy.trusted else document

    def _parse(self, text: str) -> Document:
        too_large = check_text(text, self.policy.limits)
        if too_large is not None:
            return Document((too_large,))
        try:
            syntax = parse(text)
        except GraphQLError as error:
            # The traceback would keep the parser and all its tokens in memory.
            errors = [error.with_traceback(None)]
            add_input_codes(errors)
            return Document(tuple(errors))
        _unlink_tokens(syntax)
        limit_errors = check_structure(syntax, self.policy.limits)
        return Document(tuple(limit_errors)) if limit_errors else self._validate(text, syntax)

    def _validate(self, text: str, syntax: DocumentNode) -> Document:
        if is_certainly_valid(self.schema, syntax):
            return self.describe(syntax)
        more = () if self.policy.introspection else (_NO_INTROSPECTION,)
        concerned = [rule for rule in (*self.rules, *more) if rule.may_concern(text)]
        # graphql-core only calls the rules, so a callable can stand for a class.
        rules = cast("Collection[type[ASTValidationRule]]", concerned)
        errors = merge_same_errors(
            validate(self.schema, syntax, rules, MAX_ERRORS, hide_suggestions=not self.policy.suggestions)
        )
        add_input_codes(errors)
        return self.describe(syntax, tuple(errors))

    def describe(self, syntax: DocumentNode, errors: tuple[GraphQLError, ...] = ()) -> Document:
        """Returns the document with this syntax, which has been validated."""
        operations = [each for each in syntax.definitions if isinstance(each, OperationDefinitionNode)]
        without_incremental = _without_incremental(syntax)
        collector = CostTermCollector(self.schema, frozenset(COST_RULES))
        terms = () if errors else tuple(collector.collect(syntax, operation) for operation in operations)
        sizes = () if errors else tuple(self.sizes.collect(syntax, operation) for operation in operations)
        return Document(
            errors,
            syntax,
            without_incremental,
            tuple(operations),
            cost_terms=terms,
            size_terms=sizes,
            callers_own=not errors and has_callers_own(syntax),
        )


def _not_trusted(text: str) -> GraphQLError:
    hashed = sha256(text.encode("utf-8", "replace")).hexdigest()
    message = (
        f"Only documents of the gateway's manifest run here, and this one (sha256:{hashed}) is not among them; "
        "have it added there."
    )
    error = GraphQLError(message)
    add_input_codes([error])
    return error


def _unlink_tokens(syntax: DocumentNode) -> None:
    """Removes the links between tokens, which are not used after parsing.

    They connect all parts of a document in cycles, which only the garbage collector can free.
    """
    token = None if syntax.loc is None else syntax.loc.start_token
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token = following


def _without_incremental(syntax: DocumentNode) -> DocumentNode:
    """Returns the document without @defer and @stream: itself, if it has none."""
    if syntax.loc is not None and not any(name in syntax.loc.source.body for name in _INCREMENTAL):
        return syntax
    changed: DocumentNode = visit(syntax, _IncrementalRemover())
    return changed


class _IncrementalRemover(Visitor):
    """Removes @defer and @stream, as the specification allows."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> VisitorAction:
        """Removes the directive. A document without such directives is returned unchanged."""
        return REMOVE if node.name.value in _INCREMENTAL else None
