"""Makes a value the current one of a context variable inside a `with` block."""

from contextvars import ContextVar, Token
from typing import Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")


class ContextScope(Generic[C, T]):
    """Sets `variable` to `context` inside a `with` block, which receives `value`.

    A class, because a generator with `contextlib.contextmanager` takes three times as long to enter and to leave.
    """

    __slots__ = ("_context", "_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[C], context: C, value: T) -> None:
        self._variable = variable
        self._context = context
        self._value = value

    def __enter__(self) -> T:
        self._token: Token[C] = self._variable.set(self._context)
        return self._value

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)
