"""Documents, each parsed and validated once, however often it is sent."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, TypeAlias, cast

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

from linkweave.concurrency.lru import LruDict
from linkweave.schema.execution.fast_validation import QuickRule
from linkweave.schema.execution.request_errors import code_request_errors, said_once
from linkweave.schema.limits.cost.document_costs import CostTerm, TermReader
from linkweave.schema.limits.cost.rules import PRICES
from linkweave.schema.limits.document_policy import DocumentRules
from linkweave.schema.limits.structure_limits import check_counts
from linkweave.schema.limits.text_limits import check_text

# So many mistakes are told of one document; looking for more is work for nobody.
MAX_ERRORS: Final = 20
MAX_DOCUMENTS: Final = 1_000
# A parsed document is 80 to 300 times as large as its text.
MAX_CHARACTERS: Final = 200_000
MAX_KEPT_LENGTH: Final = 50_000
MAX_NEW: Final = 64
# The layers before the schema look at a request's document too.
READS_PER_REQUEST: Final = 3

_HASH_LENGTH: Final = 16
_NO_INTROSPECTION: Final = QuickRule.of(NoSchemaIntrospectionCustomRule)
_INCREMENTAL: Final = frozenset({GraphQLDeferDirective.name, GraphQLStreamDirective.name})


@dataclass(frozen=True, slots=True)
class Document:
    """What a document's text says, or what is wrong with it. Without `syntax` it could not be parsed.

    `at_once` is `syntax` without @defer and @stream, for those who do not take an answer in parts. `hash`
    is the beginning of the text's SHA-256. `terms` are what each of `operations` costs.
    `trusted` where the operator has listed it.
    """

    errors: tuple[GraphQLError, ...]
    syntax: DocumentNode | None = None
    at_once: DocumentNode | None = None
    operations: tuple[OperationDefinitionNode, ...] = ()
    hash: str = ""
    terms: tuple[tuple[CostTerm, ...], ...] = ()
    trusted: bool = False

    @property
    def incremental(self) -> bool:
        """Whether @defer or @stream is anywhere in it."""
        return self.at_once is not self.syntax

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation called `name`, the first one for None; None where there is no such."""
        return next((each for each in self.operations if name is None or _name(each) == name), None)

    def terms_of(self, operation: OperationDefinitionNode) -> tuple[CostTerm, ...]:
        """What `operation` costs, one of those in this document."""
        return next((terms for each, terms in zip(self.operations, self.terms, strict=True) if each is operation), ())


ReadDocument: TypeAlias = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Parses and validates against `schema`. Each step may trust that those before it bounded its work."""

    schema: GraphQLSchema
    rules: Sequence[QuickRule]
    obeyed: DocumentRules = field(default_factory=DocumentRules)

    def __call__(self, text: str) -> Document:
        """Read `text`; its errors have their codes."""
        if self.obeyed.refuses(text):
            return Document((_untrusted(text),))
        document = self._read(text)
        return replace(document, trusted=True) if text in self.obeyed.trusted else document

    def _read(self, text: str) -> Document:
        refusal = check_text(text, self.obeyed.limits)
        if refusal is not None:
            return Document((refusal,))
        try:
            syntax = parse(text)
        except GraphQLError as error:
            # Its traceback holds the parser with all that it has read.
            errors = [error.with_traceback(None)]
            code_request_errors(errors)
            return Document(tuple(errors))
        _unlink_tokens(syntax)
        refusals = check_counts(syntax, self.obeyed.limits)
        return Document(tuple(refusals)) if refusals else self._validate(syntax)

    def _validate(self, syntax: DocumentNode) -> Document:
        hidden = () if self.obeyed.introspection else (_NO_INTROSPECTION,)
        # Only called, with the context of one document.
        rules = cast("Collection[type[ASTValidationRule]]", (*self.rules, *hidden))
        told = validate(self.schema, syntax, rules, MAX_ERRORS, hide_suggestions=not self.obeyed.suggestions)
        errors = said_once(told)
        code_request_errors(errors)
        operations = [each for each in syntax.definitions if isinstance(each, OperationDefinitionNode)]
        at_once: DocumentNode = visit(syntax, _Undeferred())
        costs = TermReader(self.schema, frozenset(PRICES))
        terms = () if errors else tuple(costs.read(syntax, operation) for operation in operations)
        return Document(tuple(errors), syntax, at_once, tuple(operations), terms=terms)


@dataclass(slots=True)
class _Newcomer:
    """A document and how often it was asked for."""

    document: Document
    reads: int = 1


class Documents:
    """Remembers what `read` made of the texts that were sent last.

    At most MAX_DOCUMENTS of together MAX_CHARACTERS are remembered, and none of more than MAX_KEPT_LENGTH: nobody
    fills the memory with documents. One that was sent once is forgotten after MAX_NEW others, so that whoever sends
    another one each time pushes out nobody's, and leaves nothing behind for the garbage collector to look at.
    """

    def __init__(self, read: ReadDocument) -> None:
        self._read = read
        self._known: LruDict[str, Document] = LruDict(max_entries=MAX_DOCUMENTS, max_size=MAX_CHARACTERS)
        self._new: LruDict[str, _Newcomer] = LruDict(max_entries=MAX_NEW, max_size=MAX_KEPT_LENGTH)

    def read(self, text: str) -> Document:
        """What `text` says, read now or before."""
        known = self._known.get(text)
        if known is not None:
            return known
        newcomer = self._new.get(text)
        if newcomer is None:
            return self._read_first(text)
        newcomer.reads += 1
        if newcomer.reads > READS_PER_REQUEST:
            self._new.pop(text)
            self._known.put(text, newcomer.document, len(text))
        return newcomer.document

    def _read_first(self, text: str) -> Document:
        hashed = sha256(text.encode("utf-8", "replace")).hexdigest()
        document = replace(self._read(text), hash=hashed[:_HASH_LENGTH])
        if len(text) <= MAX_KEPT_LENGTH:
            self._new.put(text, _Newcomer(document), len(text))
        return document


def _untrusted(text: str) -> GraphQLError:
    hashed = sha256(text.encode("utf-8", "replace")).hexdigest()
    message = (
        f"Only documents of the gateway's manifest run here, and this one (sha256:{hashed}) is not among them; "
        "have it added there."
    )
    error = GraphQLError(message)
    code_request_errors([error])
    return error


def _unlink_tokens(syntax: DocumentNode) -> None:
    """Take the links between tokens away, which nothing needs any more.

    They tie all of a document together in circles, of which only the garbage collector can free what is not needed.
    """
    token = None if syntax.loc is None else syntax.loc.start_token
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token = following


class _Undeferred(Visitor):
    """Takes @defer and @stream away, as the specification lets a server do."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> VisitorAction:
        """Remove it; a document without any comes back as it was."""
        return REMOVE if node.name.value in _INCREMENTAL else None


def _name(operation: OperationDefinitionNode) -> str | None:
    return None if operation.name is None else operation.name.value
