"""The first look at a document: its length, its tokens and its brackets, before anything is parsed."""

import re
from typing import Final

from graphql import GraphQLError

from linkweave.schema.limits.limit_errors import at, refusal
from linkweave.settings import LimitSettings

# Possessive throughout, and with ends that may be missing: no text makes it look at a character twice.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]++|\\(?:""")?|"(?!""))*+(?:""")?'  # block string
    r'|"(?:[^"\\\n\r]++|\\.)*+"?'  # string
    r"|#[^\n\r]*+"  # comment: ignored by the parser, but kept as a token
    r"|[_A-Za-z][_A-Za-z0-9]*+"  # name
    r"|[-0-9][0-9.eE+-]*+"  # number
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|\.\.\.|[!$&:=@|]"
)


def check_text(text: str, limits: LimitSettings) -> GraphQLError | None:
    """Why `text` is too much to be parsed; None where it is not. A syntax error is the parser's to find."""
    if len(text) > limits.characters:
        return refusal("characters", len(text), limits.characters)
    nesting = 0
    for count, token in enumerate(_TOKEN.finditer(text), 1):
        if count > limits.tokens:
            return refusal("tokens", count, limits.tokens, at_least=True, **at(text, token.start()))
        nesting += _step(token.lastgroup)
        if nesting > limits.nesting:
            return refusal("nesting", nesting, limits.nesting, at_least=True, **at(text, token.start()))
    return None


def _step(group: str | None) -> int:
    return 1 if group == "open" else -1 if group == "close" else 0
