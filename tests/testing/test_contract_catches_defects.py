"""The contract suite fails for an adapter that breaks the contract."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar, cast

import pytest

from linkweave.errors import AmbiguousError
from linkweave.models import Link, Page, Period, StatsPart, StatsReport
from linkweave.models.changes import NewLink, WrittenLink
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tinycc import PROVIDER
from linkweave.providers.tinycc.adapter import TinyccAdapter
from linkweave.testing.contract import (
    CreateLinksContract,
    FieldExample,
    GetLinksContract,
    ListLinksContract,
    ReadStatsContract,
)
from linkweave.testing.virtual_time import NOW

DOMAIN = "m.shopdemo.example"


class Contract(ListLinksContract, GetLinksContract, ReadStatsContract, CreateLinksContract):
    provider = PROVIDER
    lists_fit_one_page = True
    create_examples: ClassVar = {"domain": FieldExample({"domain": DOMAIN}, {"domain": {"name": DOMAIN}})}


class ListsALinkTwice(TinyccAdapter):
    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        read = await super().list_links(lane, page)
        return replace(read, items=(*read.items, *read.items[-1:]))


class DatesLinksWithoutOrder(TinyccAdapter):
    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        read = await super().list_links(lane, page)
        return replace(read, items=tuple(replace(link, created_at=NOW) for link in read.items))


class FindsOnEveryDomain(TinyccAdapter):
    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - the defect
        found = [await super(FindsOnEveryDomain, self).find_link(each, slug, fields) for each in (DOMAIN, OTHER)]
        return next((link for link in found if link is not None), None)


class ForgetsTags(TinyccAdapter):
    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:
        found = await super().get_links(handles, fields)
        return {handle: replace(link, tags=()) for handle, link in found.items()}


class CountsWhatItDoesNotPromise(TinyccAdapter):
    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        return replace(await super().read_stats(handle, link, period, parts), bot_clicks=1)


class CreatesAgain(TinyccAdapter):
    async def create_link(self, new: NewLink) -> WrittenLink:
        try:
            return await super().create_link(new)
        except AmbiguousError:
            return await super().create_link(new)


class DropsTheNote(TinyccAdapter):
    async def create_link(self, new: NewLink) -> WrittenLink:
        return await super().create_link(replace(new, note=None))


OTHER = "go.shopdemo.example"
DEFECTS: dict[type[TinyccAdapter], str] = {
    ListsALinkTwice: "test_lists_end_and_have_each_link_once",
    DatesLinksWithoutOrder: "test_lists_keep_the_order_that_the_adapter_promises",
    FindsOnEveryDomain: "test_a_link_is_found_by_its_domain_and_slug_and_by_nothing_else",
    ForgetsTags: "test_a_link_is_found_again_by_its_handle",
    CountsWhatItDoesNotPromise: "test_only_the_measures_of_the_adapter_are_reported",
    CreatesAgain: "test_a_write_that_breaks_after_it_was_sent_is_ambiguous_and_was_sent_once",
    DropsTheNote: "test_each_field_of_a_new_link_is_shown_by_a_later_query",
}


class FirstFailureEndsTheTest:
    """In place of pytest's subtests, which collect failures."""

    @contextmanager
    def test(self, **_: object) -> Iterator[None]:
        yield


def run(contract: Contract, name: str) -> None:
    test = getattr(contract, name)
    arguments = {"subtests": cast("pytest.Subtests", FirstFailureEndsTheTest())}
    test(**arguments) if "subtests" in test.__annotations__ else test()


@pytest.mark.parametrize(("adapter", "name"), DEFECTS.items())
def test_the_contract_fails_for_an_adapter_with_a_defect_and_not_without(
    adapter: type[TinyccAdapter], name: str
) -> None:
    class BrokenContract(Contract):
        provider = replace(PROVIDER, adapter=adapter)

    run(Contract(), name)
    with pytest.raises(AssertionError):
        run(BrokenContract(), name)


def test_the_contract_fails_for_a_header_without_an_offered_capability() -> None:
    with pytest.raises(AssertionError):
        Contract().test_the_header_lists_the_contract_of_every_capability()
