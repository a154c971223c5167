"""The form of exceptions in log lines: the places where they happened, without the values of variables."""

import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Final, TypeAlias

from linkweave.errors import ConfigurationError, LinkweaveError

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

# The messages of these are our own or the interpreter's. Others may quote what a caller or a vendor sent.
_WITH_MESSAGE: Final = (
    ConfigurationError,
    LinkweaveError,
    AttributeError,
    ImportError,
    NameError,
    RecursionError,
    TypeError,
)
_MAX_CHAIN: Final = 5


def format_exception(exc_info: ExcInfo) -> str:
    """Returns the exception and its causes, the first cause last, with their frames but without local variables.

    The message of an exception is left out if it may quote a caller's or a vendor's data.
    """
    return "\n".join(line for error in _chain(exc_info[1]) for line in _lines(error))


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in chain and len(chain) < _MAX_CHAIN:
        chain.append(found)
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return chain


def _lines(error: BaseException) -> Iterator[str]:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    yield f"{kind}: {error}" if isinstance(error, _WITH_MESSAGE) else kind
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
