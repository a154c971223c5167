"""What a part of an operation costs, in calls to vendors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, TypeAlias

# An account and what is asked of it once per operation, however often it is read, such as its tags.
Fact: TypeAlias = tuple[str, str]
_NONE: Final[Mapping[Fact, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bill:
    """`calls` add up; `facts` are asked once. `path` leads to where most of it comes from."""

    calls: int = 0
    facts: Mapping[Fact, int] = field(default=_NONE)
    path: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All calls."""
        return self.calls + sum(self.facts.values())

    def times(self, many: int) -> "Bill":
        """The same for each of `many` things."""
        return replace(self, calls=self.calls * many) if many else Bill()

    def below(self, name: str) -> "Bill":
        """As part of the field called `name`."""
        return replace(self, path=(name, *self.path))


FREE: Final = Bill()


def added(bills: Iterable[Bill]) -> Bill:
    """All of `bills`; the path is that of the largest."""
    given = [bill for bill in bills if bill.total]
    if len(given) <= 1:
        return given[0] if given else FREE
    largest = max(given, key=lambda bill: bill.total)
    return Bill(sum(bill.calls for bill in given), _facts(given), largest.path)


def worst(bills: Iterable[Bill]) -> Bill:
    """The largest of `bills`, of which one will be due, nobody knows which; facts may be due of each."""
    given = list(bills)
    if not given:
        return FREE
    largest = max(given, key=lambda bill: bill.total)
    return Bill(max(bill.calls for bill in given), _facts(given), largest.path)


def _facts(bills: Iterable[Bill]) -> Mapping[Fact, int]:
    facts: dict[Fact, int] = {}
    for bill in bills:
        facts.update(bill.facts)
    return facts
