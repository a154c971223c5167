"""Checks the length, the tokens and the brackets of a document before it is parsed."""

import re
from typing import Final

from graphql import GraphQLError

from linkweave.schema.limits.limit_errors import at_offset, limit_exceeded
from linkweave.settings import LimitSettings

# All quantifiers are possessive and all closing quotes are optional. So the scan reads each character once.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]++|\\(?:""")?|"(?!""))*+(?:""")?'  # block string
    r'|"(?:[^"\\\n\r]++|\\.)*+"?'  # string
    r"|#[^\n\r]*+"  # comment: the parser ignores it, but stores it as a token
    r"|[_A-Za-z][_A-Za-z0-9]*+"  # name
    r"|[-0-9][0-9.eE+-]*+"  # number
    r"|(?P<open>[{(\[])|(?P<close>[})\]])|\.\.\.|[!$&:=@|]"
)


def check_text(text: str, limits: LimitSettings) -> GraphQLError | None:
    """Returns why `text` is too large to be parsed, or None. It does not look for syntax errors."""
    if len(text) > limits.characters:
        return limit_exceeded("characters", len(text), limits.characters)
    nesting = 0
    for count, token in enumerate(_TOKEN.finditer(text), 1):
        if count > limits.tokens:
            return limit_exceeded("tokens", count, limits.tokens, at_least=True, **at_offset(text, token.start()))
        nesting += _nesting_change(token.lastgroup)
        if nesting > limits.nesting:
            return limit_exceeded("nesting", nesting, limits.nesting, at_least=True, **at_offset(text, token.start()))
    return None


def _nesting_change(group: str | None) -> int:
    return 1 if group == "open" else -1 if group == "close" else 0
