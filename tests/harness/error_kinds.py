"""The classes of the error tree."""

from collections.abc import Iterator
from typing import TypeVar

from linkweave import errors
from linkweave.errors import LinkweaveError

Kind = TypeVar("Kind", bound=LinkweaveError)


def kinds(kind: type[Kind]) -> Iterator[type[Kind]]:
    """Those of errors.py: a test may have its own."""
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield each
            yield from kinds(each)
