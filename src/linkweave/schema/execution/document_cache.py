"""Parses and validates documents, and caches the results."""

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
from linkweave.schema.execution.compiled.plans import DocumentPlans
from linkweave.schema.execution.fast_validation import FastRule
from linkweave.schema.execution.request_errors import add_input_codes, merge_same_errors
from linkweave.schema.limits.answer_size import SizeTerm
from linkweave.schema.limits.cost.document_costs import CostTerm, CostTermCollector
from linkweave.schema.limits.cost.rules import COST_RULES
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.schema.limits.size_terms import SizeTermCollector
from linkweave.schema.limits.structure_limits import check_structure
from linkweave.schema.limits.text_limits import check_text

# Maximum number of errors that validation reports for one document. More would be work without use.
MAX_ERRORS: Final = 20
MAX_DOCUMENTS: Final = 1_000
# A parsed document takes 80 to 300 times the memory of its text.
MAX_CHARACTERS: Final = 200_000
MAX_CACHED_LENGTH: Final = 50_000
MAX_CANDIDATES: Final = 64
# The layers before the schema read a request's document too.
READS_PER_REQUEST: Final = 3

_HASH_LENGTH: Final = 16
_NO_INTROSPECTION: Final = FastRule.of(NoSchemaIntrospectionCustomRule)
_INCREMENTAL: Final = frozenset({GraphQLDeferDirective.name, GraphQLStreamDirective.name})


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document and its errors. `syntax` is None if it could not be parsed.

    `without_incremental` is `syntax` without @defer and @stream, for callers that do not accept a response in parts.
    `hash` is the beginning of the text's SHA-256. `cost_terms` and `size_terms` have the terms of each of `operations`.
    `trusted` says that the document is in the operator's manifest. `plans` are made when the document is executed.
    """

    errors: tuple[GraphQLError, ...]
    syntax: DocumentNode | None = None
    without_incremental: DocumentNode | None = None
    operations: tuple[OperationDefinitionNode, ...] = ()
    hash: str = ""
    cost_terms: tuple[tuple[CostTerm, ...], ...] = ()
    size_terms: tuple[tuple[SizeTerm, ...], ...] = ()
    trusted: bool = False
    plans: DocumentPlans = field(default_factory=DocumentPlans, compare=False, repr=False)

    @property
    def incremental(self) -> bool:
        """Whether the document contains @defer or @stream."""
        return self.without_incremental is not self.syntax

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Returns the operation called `name`, or the first one for None. None says that there is no such operation."""
        return next((each for each in self.operations if name is None or _name(each) == name), None)

    def cost_terms_of(self, operation: OperationDefinitionNode) -> tuple[CostTerm, ...]:
        """Returns the cost terms of `operation`, which is one of this document's."""
        pairs = zip(self.operations, self.cost_terms, strict=True)
        return next((terms for each, terms in pairs if each is operation), ())

    def size_terms_of(self, operation: OperationDefinitionNode) -> tuple[SizeTerm, ...]:
        """Returns the size terms of `operation`, which is one of this document's."""
        pairs = zip(self.operations, self.size_terms, strict=True)
        return next((terms for each, terms in pairs if each is operation), ())


ParseDocument: TypeAlias = Callable[[str], Document]


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
        return Document(tuple(limit_errors)) if limit_errors else self._validate(syntax)

    def _validate(self, syntax: DocumentNode) -> Document:
        more = () if self.policy.introspection else (_NO_INTROSPECTION,)
        # graphql-core only calls the rules, so a callable can stand for a class.
        rules = cast("Collection[type[ASTValidationRule]]", (*self.rules, *more))
        errors = merge_same_errors(
            validate(self.schema, syntax, rules, MAX_ERRORS, hide_suggestions=not self.policy.suggestions)
        )
        add_input_codes(errors)
        operations = [each for each in syntax.definitions if isinstance(each, OperationDefinitionNode)]
        without_incremental: DocumentNode = visit(syntax, _IncrementalRemover())
        collector = CostTermCollector(self.schema, frozenset(COST_RULES))
        terms = () if errors else tuple(collector.collect(syntax, operation) for operation in operations)
        sizes = () if errors else tuple(self.sizes.collect(syntax, operation) for operation in operations)
        return Document(
            tuple(errors), syntax, without_incremental, tuple(operations), cost_terms=terms, size_terms=sizes
        )


@dataclass(slots=True)
class _Candidate:
    """A document that was sent recently, and how often it was read."""

    document: Document
    reads: int = 1


class DocumentCache:
    """Caches what `parse_document` returns.

    The cache holds at most MAX_DOCUMENTS documents of together MAX_CHARACTERS, and none over MAX_CACHED_LENGTH. So
    documents cannot fill the memory. A document enters the cache when a second request sends it. Until then it is one
    of MAX_CANDIDATES candidates. So a client that sends a new document each time displaces no document of other
    clients, and leaves no garbage.
    """

    def __init__(self, parse_document: ParseDocument) -> None:
        self._parse_document = parse_document
        self._cached: LruDict[str, Document] = LruDict(max_entries=MAX_DOCUMENTS, max_size=MAX_CHARACTERS)
        self._candidates: LruDict[str, _Candidate] = LruDict(max_entries=MAX_CANDIDATES, max_size=MAX_CACHED_LENGTH)

    def read(self, text: str) -> Document:
        """Returns the document in `text` from the cache, or parses it."""
        cached = self._cached.get(text)
        if cached is not None:
            return cached
        candidate = self._candidates.get(text)
        if candidate is None:
            return self._read_first(text)
        candidate.reads += 1
        if candidate.reads > READS_PER_REQUEST:
            self._candidates.pop(text)
            self._cached.put(text, candidate.document, len(text))
        return candidate.document

    def _read_first(self, text: str) -> Document:
        hashed = sha256(text.encode("utf-8", "replace")).hexdigest()
        document = replace(self._parse_document(text), hash=hashed[:_HASH_LENGTH])
        if len(text) <= MAX_CACHED_LENGTH:
            self._candidates.put(text, _Candidate(document), len(text))
        return document


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


class _IncrementalRemover(Visitor):
    """Removes @defer and @stream, as the specification allows."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> VisitorAction:
        """Removes the directive. A document without such directives is returned unchanged."""
        return REMOVE if node.name.value in _INCREMENTAL else None


def _name(operation: OperationDefinitionNode) -> str | None:
    return None if operation.name is None else operation.name.value
