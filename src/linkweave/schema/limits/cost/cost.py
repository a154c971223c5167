"""What a part of an operation costs, in calls to vendors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

# An account and what is asked of it once per operation, however often it is read, such as its tags.
Fact: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cost:
    """`calls` add up; `facts` are asked once. `path` leads to where most of it comes from."""

    calls: int = 0
    facts: Mapping[Fact, int] = field(default_factory=dict)
    path: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All calls."""
        return self.calls + sum(self.facts.values())

    def times(self, many: int) -> "Cost":
        """The same for each of `many` things."""
        return Cost(self.calls * many, self.facts, self.path) if many else FREE

    def below(self, name: str) -> "Cost":
        """As part of the field called `name`."""
        return Cost(self.calls, self.facts, (name, *self.path)) if self.calls or self.facts else FREE


FREE: Final = Cost()


def added(bills: Iterable[Cost]) -> Cost:
    """All of `bills`; the path is that of the largest."""
    given = [bill for bill in bills if bill.calls or bill.facts]
    if len(given) <= 1:
        return given[0] if given else FREE
    largest = max(given, key=_weight)
    return Cost(sum(bill.calls for bill in given), _facts(given), largest.path)


def worst(bills: Iterable[Cost]) -> Cost:
    """The largest of `bills`, of which one will be due, nobody knows which; facts may be due of each."""
    given = list(bills)
    if not given:
        return FREE
    largest = max(given, key=_weight)
    return Cost(max(bill.calls for bill in given), _facts(given), largest.path)


def _weight(bill: Cost) -> tuple[int, int]:
    """What may be asked of many things weighs more than what is asked once."""
    return bill.calls, bill.total


def _facts(bills: Iterable[Cost]) -> Mapping[Fact, int]:
    facts: dict[Fact, int] = {}
    for bill in bills:
        facts.update(bill.facts)
    return facts
