"""Names as GraphQL spells them."""

import re
from typing import Final

_SNAKE: Final = re.compile(r"_([a-z])")


def camel(name: str) -> str:
    """`name` in camel case; a name that is in camel case already stays."""
    return _SNAKE.sub(lambda match: match[1].upper(), name)
