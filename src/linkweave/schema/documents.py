"""Documents, each parsed and validated once, however often it is sent."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from graphql import (
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    GraphQLDeferDirective,
    GraphQLError,
    GraphQLSchema,
    GraphQLStreamDirective,
    OperationDefinitionNode,
    Visitor,
    parse,
    validate,
    visit,
)

from linkweave.schema.request_errors import code_request_errors

MAX_DOCUMENTS: Final = 1_000
# A parsed document is 80 to 300 times as large as its text.
MAX_CHARACTERS: Final = 200_000
MAX_KEPT_LENGTH: Final = 50_000

_INCREMENTAL: Final = frozenset({GraphQLDeferDirective.name, GraphQLStreamDirective.name})


@dataclass(frozen=True, slots=True)
class Document:
    """What a document's text says, or what is wrong with it. Without `syntax` it could not be parsed.

    `incremental` is true where @defer or @stream is anywhere in it.
    """

    errors: tuple[GraphQLError, ...]
    syntax: DocumentNode | None = None
    operations: tuple[OperationDefinitionNode, ...] = ()
    incremental: bool = False

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation called `name`, the first one for None; None where there is no such."""
        return next((each for each in self.operations if name is None or _name(each) == name), None)


ReadDocument: TypeAlias = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Parses and validates against `schema`."""

    schema: GraphQLSchema
    rules: Sequence[type[ASTValidationRule]]

    def __call__(self, text: str) -> Document:
        """Read `text`; its errors have their codes."""
        try:
            syntax = parse(text)
        except GraphQLError as error:
            # Its traceback holds the parser with all that it has read.
            errors = [error.with_traceback(None)]
            code_request_errors(errors)
            return Document(tuple(errors))
        errors = validate(self.schema, syntax, self.rules)
        code_request_errors(errors)
        operations = [each for each in syntax.definitions if isinstance(each, OperationDefinitionNode)]
        return Document(tuple(errors), syntax, tuple(operations), _is_incremental(syntax))


class Documents:
    """Remembers what `read` made of the texts that were sent last.

    At most MAX_DOCUMENTS of together MAX_CHARACTERS are remembered, and none of more than MAX_KEPT_LENGTH: nobody
    fills the memory with documents.
    """

    def __init__(self, read: ReadDocument) -> None:
        self._read = read
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def read(self, text: str) -> Document:
        """What `text` says, read now or before."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        document = self._read(text)
        if len(text) <= MAX_KEPT_LENGTH:
            self._keep(text, document)
        return document

    def _keep(self, text: str, document: Document) -> None:
        self._known[text] = document
        self._characters += len(text)
        while len(self._known) > MAX_DOCUMENTS or self._characters > MAX_CHARACTERS:
            oldest, _ = self._known.popitem(last=False)
            self._characters -= len(oldest)


class _Directives(Visitor):
    """Looks for @defer and @stream."""

    found = False

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Notice it."""
        self.found = self.found or node.name.value in _INCREMENTAL


def _is_incremental(syntax: DocumentNode) -> bool:
    looking = _Directives()
    visit(syntax, looking)
    return looking.found


def _name(operation: OperationDefinitionNode) -> str | None:
    return None if operation.name is None else operation.name.value
