"""Groups, destinations and days from the catalog equal plain Python over the same links, on both databases."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.catalog_fixtures import opened
from harness.known_rows import ACCOUNTS, NOON, KnownRow, clicks_on_days, days_after, known_rows, store_rows
from linkweave.catalog.addresses import compared_destination
from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.reads.questions.destinations import DestinationOrder, DestinationOrderField, DestinationQuestion
from linkweave.catalog.reads.questions.groups import GroupOrder, GroupQuestion, StatsGroup, StatsGroupOrderField
from linkweave.catalog.reads.questions.links import AccountScope, LinkQuestion
from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.models import Link, Period
from linkweave.models.host_names import host_key

_ZONES: Final = (("a", 8 * 3_600), ("c", -13 * 3_600))
_DAYS: Final = CountedDays(
    Period(days_after(3), days_after(10)), NOON - timedelta(days=1), ("a", "b"), ("b", "c"), _ZONES
)
_PROVIDERS: Final = (("a", "one"), ("b", "one"), ("c", "two"))
_SLOW: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

accounts = st.lists(st.sampled_from(ACCOUNTS), max_size=3, unique=True)
group_orders = st.builds(GroupOrder, st.sampled_from(StatsGroupOrderField), st.sampled_from(OrderDirection))
destination_orders = st.builds(
    DestinationOrder, st.sampled_from(DestinationOrderField), st.sampled_from(OrderDirection)
)


@settings(max_examples=12, suppress_health_check=_SLOW)
@given(known_rows(), accounts, st.sampled_from(StatsGroup), group_orders, st.integers(1, 3))
def test_pages_of_groups_equal_the_grouped_links(
    database_url: str,
    rows: tuple[KnownRow, ...],
    keys: list[str],
    group: StatsGroup,
    order: GroupOrder,
    size: int,
) -> None:
    question = GroupQuestion(group, _links(keys), _DAYS, _PROVIDERS)
    expected = _grouped([row for row in rows if row.account in keys and not row.is_deleted], group, order)

    async def check() -> None:
        async with opened(database_url) as database:
            await store_rows(database, rows)
            reads, found, after, has_next = CatalogReads(database), [], None, True
            while has_next:
                page = await reads.groups(question, order, size, after)
                found += [
                    (each.key, each.position[0], [(key, _told(numbers)) for key, numbers in each.by_account])
                    for each in page.groups
                ]
                after, has_next = page.groups[-1].position if page.groups else after, page.has_next
            assert found == expected
            spans = await reads.spans(question, [key for key, _, _ in expected])
            told = {(span.key, span.account, span.first_day, span.last_day): span.clicks for span in spans}
            assert told == _spans(rows, keys, group)

    asyncio.run(check())


@settings(max_examples=10, suppress_health_check=_SLOW)
@given(
    known_rows(), accounts, destination_orders, st.integers(1, 2), st.integers(1, 2), st.booleans(), st.integers(1, 3)
)
def test_pages_of_destinations_equal_the_grouped_links(
    database_url: str,
    rows: tuple[KnownRow, ...],
    keys: list[str],
    order: DestinationOrder,
    min_links: int,
    min_accounts: int,
    ignores_utm: bool,
    size: int,
) -> None:
    question = DestinationQuestion(
        _links(keys),
        min_links,
        min_accounts,
        "EXAMPLE.com",
        "shop.example.com",
        ignores_utm,
        _DAYS.counting_clicks,
        _DAYS.counting_unique_clicks,
    )
    shown = [row for row in rows if row.account in keys and not row.is_deleted]
    expected = _destinations(shown, question, order)

    async def check() -> None:
        async with opened(database_url) as database:
            await store_rows(database, rows)
            reads, found, after, has_next = CatalogReads(database), [], None, True
            while has_next:
                page = await reads.destinations(question, order, size, after)
                found += [
                    (each.key.key, each.position[0], each.links, each.accounts, *_told(each)[1:])
                    for each in page.destinations
                ]
                after, has_next = page.destinations[-1].position if page.destinations else after, page.has_next
            assert found == expected
            assert await reads.count_destinations(question) == len(expected)

    asyncio.run(check())


def _links(keys: Iterable[str]) -> LinkQuestion:
    return LinkQuestion(tuple(map(AccountScope, keys)))


def _told(numbers: object) -> tuple[object, ...]:
    return tuple(getattr(numbers, name) for name in ("links", "clicks", "unique_clicks", "complete"))


def _grouped(
    rows: Sequence[KnownRow], group: StatsGroup, order: GroupOrder
) -> list[tuple[str, OrderValue, list[tuple[str, tuple[object, ...]]]]]:
    parts: dict[str, dict[str, list[KnownRow]]] = {}
    for row in rows:
        for key in _keys(row, group):
            parts.setdefault(key, {}).setdefault(row.account, []).append(row)
    found = []
    for key, by_account in parts.items():
        numbers = {account: _numbers(account, each) for account, each in sorted(by_account.items())}
        values: dict[StatsGroupOrderField, OrderValue] = {
            StatsGroupOrderField.CLICKS: _sum(each[1] for each in numbers.values()),
            StatsGroupOrderField.UNIQUE_CLICKS: _sum(each[2] for each in numbers.values()),
            StatsGroupOrderField.LINKS: sum(each[0] for each in numbers.values()),
            StatsGroupOrderField.KEY: key,
        }
        found.append((key, values[order.field], list(numbers.items())))
    return _in_order(found, order.direction)


def _numbers(account: str, rows: Sequence[KnownRow]) -> tuple[int, int | None, int | None, bool]:
    clicks = [clicks_on_days(row, _DAYS, "clicks") for row in rows]
    unique = [clicks_on_days(row, _DAYS, "unique_clicks") for row in rows]
    complete = all(
        None not in counts
        for counts, counting in ((clicks, _DAYS.counting_clicks), (unique, _DAYS.counting_unique_clicks))
        if account in counting
    )
    return len(rows), _sum(clicks), _sum(unique), complete


def _spans(
    rows: Sequence[KnownRow], keys: Sequence[str], group: StatsGroup
) -> dict[tuple[str, str, date, date], int | None]:
    told: dict[tuple[str, str, date, date], list[int | None]] = {}
    for row in rows:
        if row.account in keys and not row.is_deleted:
            for key in _keys(row, group):
                for day in row.days:
                    if day.last_day >= _DAYS.period.start and day.first_day <= _DAYS.period.end:
                        told.setdefault((key, row.account, day.first_day, day.last_day), []).append(day.clicks)
    return {span: _sum(counts) for span, counts in told.items()}


def _destinations(
    rows: Sequence[KnownRow], question: DestinationQuestion, order: DestinationOrder
) -> list[tuple[object, ...]]:
    by_key: dict[str, list[KnownRow]] = {}
    for row in rows:
        compared = compared_destination(row.link.destination)
        if compared.host == "shop.example.com":
            by_key.setdefault(compared.key_without_utm if question.ignores_utm else compared.key, []).append(row)
    found = []
    for key, links in by_key.items():
        owners = tuple(sorted({row.account for row in links}))
        clicks = _whole_life(links, question.counting_clicks, "clicks")
        unique = _whole_life(links, question.counting_unique_clicks, "unique_clicks")
        counted = all(row.account in (*question.counting_clicks, *question.counting_unique_clicks) for row in links)
        values: dict[DestinationOrderField, OrderValue] = {
            DestinationOrderField.LINKS: len(links),
            DestinationOrderField.CLICKS: _sum(clicks),
            DestinationOrderField.UNIQUE_CLICKS: _sum(unique),
            DestinationOrderField.URL: key,
        }
        if len(links) >= question.min_links and len(owners) >= question.min_accounts:
            complete = counted and None not in (*clicks, *unique)
            found.append((key, values[order.field], len(links), owners, _sum(clicks), _sum(unique), complete))
    return _in_order(found, order.direction)


def _whole_life(rows: Sequence[KnownRow], counting: Sequence[str], name: str) -> list[int | None]:
    return [getattr(row.link.included, name) for row in rows if row.account in counting]


def _in_order(found: list, direction: OrderDirection) -> list:  # type: ignore[type-arg]
    descends = direction is OrderDirection.DESC
    told = sorted(
        (each for each in found if each[1] is not None), key=lambda each: (each[1], each[0]), reverse=descends
    )
    untold = sorted((each for each in found if each[1] is None), key=lambda each: each[0], reverse=descends)
    return told + untold


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _keys(row: KnownRow, group: StatsGroup) -> list[str]:
    return [key for key in dict.fromkeys(_KEYS[group](row)) if key is not None]


def _of_link(read: Callable[[Link], str | None]) -> Callable[[KnownRow], list[str | None]]:
    return lambda row: [read(row.link)]


def _owned(name: str) -> Callable[[KnownRow], list[str | None]]:
    def read(row: KnownRow) -> list[str | None]:
        number = getattr(row.link, name)
        return [] if number is None else [f"{row.account}\x1f{number}"]

    return read


def _source(link: Link) -> str | None:
    own = None if link.utm is None else link.utm.source
    return own or compared_destination(link.destination).utm.source


_KEYS: Final[dict[StatsGroup, Callable[[KnownRow], list[str | None]]]] = {
    StatsGroup.TAG: lambda row: [tag.casefold() for tag in row.link.tags],
    StatsGroup.ACCOUNT: lambda row: [row.account],
    StatsGroup.PROVIDER: lambda row: [dict(_PROVIDERS)[row.account]],
    StatsGroup.DOMAIN: _of_link(lambda link: None if link.domain is None else host_key(link.domain)),
    StatsGroup.TEAM: _owned("team_id"),
    StatsGroup.CAMPAIGN: _owned("campaign_id"),
    StatsGroup.DESTINATION: _of_link(lambda link: compared_destination(link.destination).key),
    StatsGroup.DESTINATION_HOST: _of_link(lambda link: compared_destination(link.destination).host),
    StatsGroup.UTM_SOURCE: _of_link(_source),
    StatsGroup.UTM_MEDIUM: _of_link(lambda link: link.utm.medium if link.utm else None),
    StatsGroup.UTM_CAMPAIGN: _of_link(lambda link: link.utm.campaign if link.utm else None),
    StatsGroup.CREATED_MONTH: _of_link(lambda link: f"{link.created_at:%Y-%m}" if link.created_at else None),
}
