"""What questions cost at a vendor, in calls: estimates of the worst case, by which whole operations are limited."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from linkweave.models import StatsPart

# The question to which a part of a link's statistics belongs: parts of one question cost one call together. None where
# it costs none. `known` says whether the link itself was read before.
Question: TypeAlias = Callable[[StatsPart, bool], str | None]


def one_question(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all
    """For vendors that tell every part in one call."""
    return "statistics"


@dataclass(frozen=True, slots=True)
class Expense:
    """One vendor's prices.

    `lists` lists of `page` links a call hold all links of an account. Links by their ids take one call for `together`
    of them, and `search` more for any number. One link takes `create`, `update` or `delete` calls, or `batch` of them
    do where the vendor takes batches. The account's domains take `domains` calls; other lists count as one.
    """

    page: int = 100
    lists: int = 1
    together: int = 1
    search: int = 0
    question: Question = one_question
    domains: int = 1
    create: int = 1
    update: int = 1
    delete: int = 1
    batch: int = 1

    def finding(self, links: int) -> int:
        """Calls that get `links` links by their ids."""
        return ceil(links / self.together) + self.search if links else 0

    def listing(self, links: int, passed_over: int = 0) -> int:
        """Calls that list `links` links, and read over `passed_over` that do not match."""
        return self.lists + (links + passed_over) // self.page

    def writing(self, links: int, each: int) -> int:
        """Calls that write `links` links of `each` calls."""
        return ceil(links / self.batch) * each
