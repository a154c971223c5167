"""Reads documents, and knows those of a known shape."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, Source

from linkweave.concurrency.lru import LruDict
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.document_parser import DocumentParser
from linkweave.schema.execution.document_shapes.lexed_text import LexedText, lex, token_offsets
from linkweave.schema.execution.document_shapes.template import Template, rename

MAX_SHAPES: Final = 500
MAX_CHARACTERS: Final = 100_000
# Maximum number of shapes that are remembered without a template.
MAX_CANDIDATES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Relocation:
    """Moves errors from the text that a shape is known from to another text of the shape."""

    known_text: str
    text: str

    def __call__(self, error: GraphQLError) -> GraphQLError:
        """Returns `error` with its positions in the other text."""
        if not error.positions:
            return error
        known, offsets = token_offsets(self.known_text), token_offsets(self.text)
        positions = [offsets[bisect_right(known, position) - 1] for position in error.positions]
        return GraphQLError(
            error.message, None, Source(self.text), positions, error.path, error.original_error, error.extensions
        )


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape. `document` is its template, made from `text`."""

    document: Document
    template: Template
    text: str

    def document_of(self, text: str, lexed: LexedText, *, trusted: bool) -> Document | None:
        """Returns the document in `text`, which has this shape. None if its literals must be validated."""
        values = self.template.values(lexed.literals)
        if values is None:
            return None
        known = self.document
        syntax = known.syntax if lexed.name is None else _rename(self.template.syntax, lexed.name)
        operations = () if syntax is None else (_operation(syntax),)
        return replace(
            known,
            syntax=syntax,
            without_incremental=syntax,
            operations=operations,
            trusted=trusted,
            literals=values,
            relocate=Relocation(self.text, text),
        )


class ShapedDocuments:
    """Reads documents with `parser`, except those whose shape is known. A shape is known from its second document.

    It stores at most MAX_SHAPES shapes of together MAX_CHARACTERS. Tests pass another `parse`.
    """

    def __init__(self, parser: DocumentParser, parse: Callable[[str], Document] | None = None) -> None:
        self._parser = parser
        self._parse = parse or parser
        self._shapes: LruDict[bytes, _Shape] = LruDict(max_entries=MAX_SHAPES, max_size=MAX_CHARACTERS)
        self._candidates: LruDict[bytes, bool] = LruDict(max_entries=MAX_CANDIDATES)

    def __call__(self, text: str) -> Document:
        """Returns the document in `text`."""
        limits = self._parser.policy.limits
        lexed = lex(text) if len(text) <= limits.characters and not self._parser.policy.rejects(text) else None
        if lexed is None or lexed.token_count > limits.tokens:
            return self._parse(text)
        shape = self._shapes.get(lexed.key)
        if shape is None:
            return self._read_new(text, lexed)
        document = shape.document_of(text, lexed, trusted=text in self._parser.policy.trusted)
        return self._parse(text) if document is None else document

    def _read_new(self, text: str, lexed: LexedText) -> Document:
        document = self._parse(text)
        if document.errors or document.syntax is None or document.incremental:
            return document
        may_have_template = self._candidates.get(lexed.key)
        if may_have_template is None:
            self._candidates.put(lexed.key, value=True)
        elif may_have_template:
            self._add(text, lexed, document.syntax)
        return document

    def _add(self, text: str, lexed: LexedText, syntax: DocumentNode) -> None:
        template = Template.of(self._parser.schema, syntax, lexed.literals)
        if template is None:
            # It is not tried again.
            self._candidates.put(lexed.key, value=False)
            return
        self._candidates.pop(lexed.key)
        known = self._parser.describe(template.syntax)
        self._shapes.put(lexed.key, _Shape(known, template, text), len(text))


def _rename(syntax: DocumentNode, name: str) -> DocumentNode:
    definitions = tuple(
        rename(each, name) if isinstance(each, OperationDefinitionNode) else each for each in syntax.definitions
    )
    return DocumentNode(definitions=definitions, loc=syntax.loc)


def _operation(syntax: DocumentNode) -> OperationDefinitionNode:
    return next(each for each in syntax.definitions if isinstance(each, OperationDefinitionNode))
