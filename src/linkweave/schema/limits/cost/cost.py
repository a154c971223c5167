"""The number of vendor calls that a part of an operation may need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

# An account's key and the name of a call, such as "tags". All fields of an operation share the call.
SharedCall: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cost:
    """A number of vendor calls.

    `calls` are made for each object. `shared_calls` are made once per operation. `path` leads to the most expensive
    field.
    """

    calls: int = 0
    shared_calls: Mapping[SharedCall, int] = field(default_factory=dict)
    path: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The number of all calls."""
        return self.calls + sum(self.shared_calls.values())

    def times(self, count: int) -> "Cost":
        """Returns the cost for `count` objects."""
        return Cost(self.calls * count, self.shared_calls, self.path) if count else FREE

    def under(self, response_key: str) -> "Cost":
        """Returns the same cost as a part of the field with this key in the response."""
        return Cost(self.calls, self.shared_calls, (response_key, *self.path)) if self else FREE

    def __bool__(self) -> bool:
        return bool(self.calls or self.shared_calls)


FREE: Final = Cost()


def sum_costs(costs: Iterable[Cost]) -> Cost:
    """Returns the sum of `costs`, with the path of the largest."""
    summands = [cost for cost in costs if cost]
    if len(summands) <= 1:
        return summands[0] if summands else FREE
    return Cost(sum(cost.calls for cost in summands), _merge_shared_calls(summands), _largest(summands).path)


def max_cost(costs: Iterable[Cost]) -> Cost:
    """Returns an upper bound of `costs`, of which only one will be due. Shared calls may be due for each of them."""
    alternatives = list(costs)
    if not alternatives:
        return FREE
    calls = max(cost.calls for cost in alternatives)
    return Cost(calls, _merge_shared_calls(alternatives), _largest(alternatives).path)


def _largest(costs: Iterable[Cost]) -> Cost:
    """Returns the largest cost. Calls per object count first, because a list multiplies them."""
    return max(costs, key=lambda cost: (cost.calls, cost.total))


def _merge_shared_calls(costs: Iterable[Cost]) -> Mapping[SharedCall, int]:
    merged: dict[SharedCall, int] = {}
    for cost in costs:
        merged.update(cost.shared_calls)
    return merged
