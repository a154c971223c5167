"""Names in GraphQL's spelling."""

import re
from typing import Final

_SNAKE: Final = re.compile(r"_([a-z])")


def to_camel_case(name: str) -> str:
    """Returns `name` in camel case. A name in camel case stays as it is."""
    return _SNAKE.sub(lambda match: match[1].upper(), name)
