"""How many bytes an answer may have, estimated from its document, before anything is executed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from graphql import GraphQLError, OperationDefinitionNode

from linkweave.schema.limits.limit_errors import MAX_REPORTED, at_nodes, limit_error
from linkweave.schema.limits.merged_fields import ArgumentValue, Conditions
from linkweave.settings import LimitSettings

# Quotes, colon and comma of a member; brackets of an object or a list.
MEMBER_BYTES: Final = 4
BRACKET_BYTES: Final = 2
# Typical lengths of values. Names of enums and texts are counted like other scalars.
_VALUE_BYTES: Final[Mapping[str, int]] = MappingProxyType(
    {"Boolean": 5, "Int": 6, "Long": 6, "Float": 6, "DateTime": 27, "Date": 12, "ID": 50, "URL": 60}
)
_OTHER_BYTES: Final = 30
_FIELD_BYTES: Final[Mapping[tuple[str, str], int]] = MappingProxyType({("QrCode", "svg"): 3_000})
_MAX_ITEMS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often a value stands in its parent: the length of a list, and 1 for what is no list.

    It is the value of `argument`, or its length if that is a list. Without a value it is `times`, or with `per_account`
    the number of the caller's accounts.
    """

    times: float = 1
    argument: ArgumentValue | None = None
    per_account: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is the same in all requests."""
        return self.argument is None and not self.per_account

    def count(self, variables: dict[str, Any], accounts: int) -> float:
        """Returns the number in a request of a caller with so many `accounts`."""
        value = None if self.argument is None else self.argument.read(variables)
        if isinstance(value, list | int):
            return max(0, min(len(value) if isinstance(value, list) else value, _MAX_ITEMS))
        return accounts if self.per_account else self.times


ONCE: Final = Repetition()


@dataclass(frozen=True, slots=True)
class SizeTerm:
    """A part of an answer: `own_bytes` and `parts`, repeated. `conditions` are those of @skip and @include."""

    own_bytes: float
    parts: tuple["SizeTerm", ...] = ()
    repetition: Repetition = ONCE
    conditions: Conditions = ()
    response_key: str = field(default="", compare=False)

    @property
    def is_known(self) -> bool:
        """Whether the size is the same in all requests."""
        return not self.parts and self.repetition.is_known and not self.conditions

    def size(self, variables: dict[str, Any], accounts: int) -> float:
        """Returns the estimated bytes in a request of a caller with so many `accounts`."""
        if not all(value.read(variables) is not excluding for excluding, value in self.conditions):
            return 0
        inside = sum(part.size(variables, accounts) for part in self.parts)
        return self.repetition.count(variables, accounts) * (self.own_bytes + inside)


def joined(terms: list[SizeTerm], own_bytes: float = 0) -> tuple[float, tuple[SizeTerm, ...]]:
    """Returns the sum of `own_bytes` and of those of `terms` that are the same in all requests; and the other terms."""
    others = []
    for term in terms:
        if term.is_known:
            own_bytes += term.repetition.times * term.own_bytes
        else:
            others.append(term)
    return own_bytes, tuple(others)


def value_bytes(parent: str, name: str, type_name: str) -> int:
    """Returns the typical bytes of a scalar or an enum."""
    return _FIELD_BYTES.get((parent, name), _VALUE_BYTES.get(type_name, _OTHER_BYTES))


@dataclass(frozen=True, slots=True)
class AnswerSize:
    """The estimated bytes of an answer, and the path to the field at the root that has most of them."""

    estimated: int
    maximum: int
    path: str

    @classmethod
    def of(
        cls, terms: tuple[SizeTerm, ...], variables: dict[str, Any], accounts: int, limits: LimitSettings
    ) -> "AnswerSize":
        """Estimates the answer to an operation with `terms` at its root."""
        sizes = {term.response_key: term.size(variables, accounts) for term in terms}
        largest = max(sizes, key=sizes.__getitem__, default="")
        return cls(min(int(sum(sizes.values())), MAX_REPORTED), limits.answer_bytes, largest)

    def error(self, operation: OperationDefinitionNode) -> GraphQLError | None:
        """Returns why `operation` must not run, or None if it may."""
        if self.estimated <= self.maximum:
            return None
        message = (
            f"The answer may have {self.estimated} bytes; at most {self.maximum} are allowed (limits.answer_bytes). "
            f"Most of them are for {self.path}. Ask for fewer fields, links (first) or accounts at once."
        )
        error = limit_error("answer_bytes", self.estimated, self.maximum, message, **at_nodes(operation))
        error.extensions = {**(error.extensions or {}), "costliest": self.path}
        return error
