"""LIST_LINKS and GET_LINK: what is listed is found again, by its handle and by its short URL."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import urlsplit

import pytest

from linkweave.errors import VendorError
from linkweave.models import Capability, Link, LinkFilter
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, LinkOrder
from linkweave.testing.bench import list_all_links
from linkweave.testing.contract.base import ProviderContract
from linkweave.testing.virtual_time import in_virtual_time

# Handles and slugs that callers may send, and that no vendor has.
HOSTILE: Final = (
    *("", " ", ".", "..", "/", "//", "a/b/c", "../../my/api/status", "%00", "\x00", "?a=b#c"),
    "é" * 100,
    "x" * 5_000,
)


class ListLinksContract(ProviderContract):
    """The contract of CanListLinks.

    `lists_fit_one_page` is True where the vendor's pages hold more links than the emulator has. Then the contract does
    not cover paging.
    """

    capability = Capability.LIST_LINKS
    lists_fit_one_page: ClassVar[bool] = False

    @in_virtual_time
    async def test_lists_end_and_have_each_link_once(self) -> None:
        bench = self.open_bench()
        links = [link for lane in await list_all_links(bench) for link in lane]
        assert len({link.handle for link in links}) == len({link.short_url for link in links}) == len(links)

    @in_virtual_time
    async def test_the_links_of_the_emulator_fill_several_pages(self) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(CanListLinks)
        lanes = (await adapter.plan_links(LinkFilter())).lanes
        first_pages = [await adapter.list_links(lane, None) for lane in lanes]
        several_pages = any(page.next is not None for page in first_pages)
        assert several_pages is not self.lists_fit_one_page, "give the emulator more links than one page holds"

    @in_virtual_time
    async def test_lists_keep_the_order_that_the_adapter_promises(self) -> None:
        bench = self.open_bench()
        times = [[link.created_at for link in lane] for lane in await list_all_links(bench)]
        if bench.adapter_as(CanListLinks).link_order is LinkOrder.AS_LISTED:
            assert {moment for lane in times for moment in lane} == {None}
        else:
            assert None not in {moment for lane in times for moment in lane}
            assert all(lane == sorted(lane, key=str, reverse=True) for lane in times)

    @in_virtual_time
    async def test_reading_every_page_keeps_the_vendors_rate_limits(self) -> None:
        bench = self.open_bench()
        await list_all_links(bench)
        assert {call.status for call in bench.calls} == {200}

    @in_virtual_time
    async def test_a_filter_without_a_match_costs_few_calls(self) -> None:
        bench = self.open_bench()
        for wanted in (
            LinkFilter(search="nothing has this in it"),
            LinkFilter(tags_all=("no such tag",)),
            LinkFilter(domains=("nobodys.example",)),
            LinkFilter(external_id="nobody's"),
        ):
            lanes = await list_all_links(bench, wanted)
            assert not [link for lane in lanes for link in lane if "no such tag" in link.tags]
        assert len(bench.calls) < 40


class GetLinksContract(ProviderContract):
    """The contract of CanGetLinks."""

    capability = Capability.GET_LINK

    @in_virtual_time
    async def test_a_link_is_complete_and_its_times_are_in_utc(self) -> None:
        for link in await self.some_links(self.open_bench()):
            parts = urlsplit(link.short_url)
            assert parts.scheme in {"http", "https"}
            assert (link.domain, link.slug) == (parts.hostname, parts.path.strip("/"))
            assert urlsplit(link.destination).hostname
            assert link.fetched_at.tzinfo is not None
            assert link.created_at is None or link.created_at.utcoffset() == timedelta(0)

    @in_virtual_time
    async def test_a_link_is_found_again_by_its_handle(self) -> None:
        bench = self.open_bench()
        for link in await self.some_links(bench):
            found = await bench.adapter_as(CanGetLinks).get_links([link.handle], ALL_LINK_FIELDS)
            assert list(found) == [link.handle]
            again = found[link.handle]
            assert isinstance(again, Link)
            assert _comparable(again) == _comparable(link)

    @in_virtual_time
    async def test_links_are_found_together_and_unknown_ones_are_left_out(self) -> None:
        bench = self.open_bench()
        links = (await self.some_links(bench))[:5]
        handles = [link.handle for link in links]
        asked = [*handles, f"{handles[0][:-1]}~", handles[0]]
        found = await bench.adapter_as(CanGetLinks).get_links(asked, frozenset({"short_url"}))
        assert set(found) == set(handles)
        urls = {link.short_url for link in found.values() if isinstance(link, Link)}
        assert urls == {link.short_url for link in links}

    @in_virtual_time
    async def test_a_link_is_found_by_its_domain_and_slug_and_by_nothing_else(self) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(CanGetLinks)
        for link in await self.some_links(bench):
            assert link.domain is not None
            found = await adapter.find_link(link.domain, link.slug, ALL_LINK_FIELDS)
            assert found is not None
            assert found.handle == link.handle
            assert await adapter.find_link("nobodys.example", link.slug, ALL_LINK_FIELDS) is None
            assert await adapter.find_link(link.domain, f"{link.slug}~", ALL_LINK_FIELDS) is None

    @in_virtual_time
    async def test_a_hostile_handle_or_slug_finds_no_link(self, subtests: pytest.Subtests) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(CanGetLinks)
        domain = (await self.some_links(bench))[0].domain or ""
        for hostile in HOSTILE:
            with subtests.test(hostile=hostile[:20]):
                found = await adapter.get_links([hostile], ALL_LINK_FIELDS)
                assert not [link for link in found.values() if isinstance(link, Link)]
                link: Link | None = None
                with suppress(VendorError):
                    link = await adapter.find_link(domain, hostile, ALL_LINK_FIELDS)
                assert link is None


def _comparable(link: Link) -> Link:
    return replace(link, fetched_at=datetime.min.replace(tzinfo=UTC), included=None)
