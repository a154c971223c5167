"""Exceptions as log lines have them: where it happened, and no value that was at hand."""

import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Final, TypeAlias

from linkweave.errors import ConfigurationError, LinkweaveError

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

# Their words are ours or the interpreter's. Those of others may quote what a caller or a vendor sent.
_SPEAKING: Final = (
    ConfigurationError,
    LinkweaveError,
    AttributeError,
    ImportError,
    NameError,
    RecursionError,
    TypeError,
)
_CHAIN: Final = 5


def format_exception(exc_info: ExcInfo) -> str:
    """The exception and what it came of, innermost last, with frames but without local variables.

    What an exception says is left out unless its words are known not to quote anybody's data.
    """
    return "\n".join(line for error in _chain(exc_info[1]) for line in _lines(error))


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in chain and len(chain) < _CHAIN:
        chain.append(found)
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return chain


def _lines(error: BaseException) -> Iterator[str]:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    yield f"{kind}: {error}" if isinstance(error, _SPEAKING) else kind
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
