"""Splits a document into tokens, and lifts what may differ between documents of one shape."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final

# Nothing but white space and commas is between two matches: the last alternative takes what GraphQL does not know.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]++|\\(?:""")?|"(?!""))*+(?:""")?'  # block string
    r'|"(?:[^"\\\n\r]++|\\.)*+"?'  # string
    r"|#[^\n\r]*+"  # comment
    r"|[_A-Za-z][_A-Za-z0-9]*+"  # name
    r"|[-0-9][_A-Za-z0-9.+-]*+"  # number, and whatever follows it without a space
    r"|\.\.\."
    r"|[^ \t\n\r,]"
)
_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)")
# Strings with escapes or control characters are not lifted: GraphQL has rules for them.
_PLAIN_STRING: Final = re.compile(r'"[^"\\\x00-\x1f\x7f-\x9f\ud800-\udfff]*"')
_NAME: Final = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
# What stands in a key for a lifted token. None of them is itself a token that stays in a key.
_MARKS: Final[Mapping[str, str]] = MappingProxyType({"Int": "0", "Float": "0.0", "String": '""'})
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_OPERATION: Final = "query"
# The first characters of literals.
_STARTS: Final = frozenset('-0123456789"')
_NAME_MARK: Final = "?name"


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a string of a document. `text` is its value as a syntax node has it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LexedText:
    """A document in tokens.

    Attributes:
        key: the same for all documents of one shape.
        token_count: number of tokens, with comments.
        name: the name of the operation, if it is the first definition and a query.
        literals: the lifted literals, in the order of the document.
    """

    key: bytes
    token_count: int
    name: str | None
    literals: Sequence[Literal]


def lex(text: str) -> LexedText | None:
    """Splits `text`, which need not be a valid document. Returns None if it has characters that no document may have.

    Literals before the first selection stay in the key: they are defaults of variables.
    """
    if not text.isascii() and _LONE_SURROGATE.search(text):
        return None
    tokens = _TOKEN.findall(text)
    kept = [token for token in tokens if token[0] != "#"]
    literals: list[Literal] = []
    start = kept.index("{") if "{" in kept else len(kept)
    kept[start:] = [_lift(token, literals) if token[0] in _STARTS else token for token in kept[start:]]
    name = kept[1] if kept[:1] == [_OPERATION] and len(kept) > 1 and _NAME.fullmatch(kept[1]) else None
    if name is not None:
        kept[1] = _NAME_MARK
    return LexedText(sha256("\n".join(kept).encode()).digest(), len(tokens), name, literals)


def token_offsets(text: str) -> list[int]:
    """Returns where each token of `text` begins, without comments: the same number for all documents of one shape."""
    return [token.start() for token in _TOKEN.finditer(text) if not token[0].startswith("#")]


def _lift(token: str, literals: list[Literal]) -> str:
    kind = _kind(token)
    if kind is None:
        return token
    literals.append(Literal(kind, token[1:-1] if kind == "String" else token))
    return _MARKS[kind]


def _kind(token: str) -> str | None:
    if token[0] == '"':
        return "String" if _PLAIN_STRING.fullmatch(token) else None
    if _INT.fullmatch(token):
        return "Int"
    return "Float" if _FLOAT.fullmatch(token) else None
