"""Lists of links from the catalog equal plain Python over the same links, on both databases."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.catalog_fixtures import opened
from harness.catalog_gateway import known_link
from harness.known_rows import ACCOUNTS, NOON, KnownRow, clicks_on_days, days_after, known_rows, store_rows
from linkweave.catalog.addresses import compared_destination
from linkweave.catalog.reads.link_pages import LinkPages
from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.reads.questions.links import (
    NEWEST_FIRST,
    AccountScope,
    LinkOrder,
    LinkOrderField,
    LinkQuestion,
    Position,
)
from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.gather.listing.residual_filters import residual_predicates
from linkweave.models import LinkFilter, Period

_ZONES: Final = (("a", 8 * 3_600), ("c", -13 * 3_600))
_DAYS: Final = CountedDays(
    Period(days_after(3), days_after(10)), NOON - timedelta(days=1), ("a", "b"), ("b", "c"), _ZONES
)

filters = st.builds(
    LinkFilter,
    search=st.none()
    | st.sampled_from(("spring", "SS", "%", "_b", "天", "example.com/x", "\0", "spr\0ing", "g\x1fs", "\\")),
    destination=st.none()
    | st.sampled_from(("HTTPS://example.com:443/x#top", "https://example.com/x?utm_source=s", "\0")),
    tags_any=st.sampled_from(((), ("SPRING",), ("sale", "äpfel"))),
    tags_all=st.sampled_from(((), ("spring",), ("sale", "SPRING"))),
    tags_none=st.sampled_from(((), ("sale",), ("\0",))),
    domains=st.none() | st.sampled_from(((), ("go.EXAMPLE",), ("xn--bcher-kva.example",))),
    created_after=st.none() | st.just(NOON - timedelta(hours=40)),
    created_before=st.none() | st.just(NOON - timedelta(hours=14)),
    external_id=st.none() | st.just("x"),
    team_ids=st.none() | st.sampled_from(((), ("t1",), ("t1", "t2"))),
    campaign_ids=st.none() | st.just(("c2",)),
    archived=st.none() | st.booleans(),
    starred=st.none() | st.booleans(),
)
# Most filters with several conditions match no link.
sparse_filters = st.tuples(filters, st.sampled_from(fields(LinkFilter))).map(
    lambda pair: LinkFilter(**{pair[1].name: getattr(pair[0], pair[1].name)})
)
orders = st.builds(
    lambda field, direction: LinkOrder(field, direction, _DAYS if field is LinkOrderField.CLICKS_IN_RANGE else None),
    st.sampled_from(LinkOrderField),
    st.sampled_from(OrderDirection),
)
questions = st.lists(
    st.tuples(st.sampled_from(ACCOUNTS), sparse_filters | filters), max_size=3, unique_by=lambda each: each[0]
).map(lambda scopes: LinkQuestion(tuple(AccountScope(*scope) for scope in scopes)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=known_rows(), question=questions, order=orders, size=st.integers(1, 5))
def test_pages_in_any_order_equal_the_sorted_links(
    database_url: str, rows: tuple[KnownRow, ...], question: LinkQuestion, order: LinkOrder, size: int
) -> None:
    async def check() -> None:
        async with opened(database_url) as database:
            await store_rows(database, rows)
            reads = CatalogReads(database)
            expected = _sorted([row for row in rows if _matches(row, question)], order)
            assert await _read_all(reads, question, order, size) == expected
            assert await reads.count(question) == len(expected)

    asyncio.run(check())


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(search="spring 20%"),
        LinkFilter(domains=("go.example",), search="spring 20%"),
        LinkFilter(team_ids=("t1", "t2"), domains=("go.example",)),
        LinkFilter(external_id="x", tags_any=("sale",)),
    ],
)
async def test_a_filter_that_matches_many_links_finds_the_same_without_an_index(
    sqlite_url: str, wanted: LinkFilter
) -> None:
    told = {"domain": "go.example", "team_id": "t1", "external_id": "x", "tags": ("sale",)}
    rows = [known_link(number, "a", title="Spring 20%", **told) for number in range(1, 5)]
    other = LinkFilter(campaign_ids=("c1",))
    question = LinkQuestion((AccountScope("a", wanted), AccountScope("b", other)))
    async with opened(sqlite_url) as database:
        others = [known_link(5, "a", title="spring 2000"), known_link(6, "b", campaign_id="c1"), known_link(7, "b")]
        await store_rows(database, [*rows, *others])
        async with database.read() as connection:
            found = [
                [row.id for row in await LinkPages(most).read(connection, question, NEWEST_FIRST, 5, None)]
                for most in (0, 1, 3, 4)
            ]
    assert found == [[1, 2, 3, 4, 6]] * 4


async def _read_all(
    reads: CatalogReads, question: LinkQuestion, order: LinkOrder, size: int
) -> list[tuple[str, str, OrderValue]]:
    found, after, has_next = [], None, True
    while has_next:
        page = await reads.links(question, order, size, after)
        found += [(each.account, each.link.handle, each.position.value) for each in page.links]
        # A cursor holds the position as JSON.
        after = Position.of(page.links[-1].position.as_json()) if page.links else after
        has_next = page.has_next
    return found


def _matches(row: KnownRow, question: LinkQuestion) -> bool:
    return not row.is_deleted and any(
        scope.account == row.account
        and all(matches(row.link) for matches in residual_predicates(scope.filter, frozenset()))
        for scope in question.scopes
    )


def _sorted(rows: Sequence[KnownRow], order: LinkOrder) -> list[tuple[str, str, OrderValue]]:
    descends = order.direction is OrderDirection.DESC
    values = [(_VALUES[order.field](row), row.account, row.id, row) for row in rows]
    told = sorted((each for each in values if each[0] is not None), key=lambda each: each[:3], reverse=descends)
    untold = sorted((each for each in values if each[0] is None), key=lambda each: each[1:3], reverse=descends)
    return [(account, row.link.handle, value) for value, account, _, row in told + untold]


def _microseconds(name: str) -> Callable[[KnownRow], int | None]:
    def read(row: KnownRow) -> int | None:
        moment = getattr(row.link, name)
        return None if moment is None else round(moment.timestamp() * 1_000_000)

    return read


_VALUES: Final[dict[LinkOrderField, Callable[[KnownRow], OrderValue]]] = {
    LinkOrderField.CREATED_AT: _microseconds("created_at"),
    LinkOrderField.LAST_CLICK_AT: _microseconds("last_click_at"),
    LinkOrderField.CLICKS: lambda row: row.link.included.clicks if row.link.included else None,
    LinkOrderField.UNIQUE_CLICKS: lambda row: row.link.included.unique_clicks if row.link.included else None,
    LinkOrderField.CLICKS_IN_RANGE: lambda row: clicks_on_days(row, _DAYS, "clicks"),
    LinkOrderField.TITLE: lambda row: None if row.link.title is None else row.link.title.casefold(),
    LinkOrderField.SLUG: lambda row: row.link.slug.casefold(),
    LinkOrderField.DESTINATION: lambda row: compared_destination(row.link.destination).key,
}
