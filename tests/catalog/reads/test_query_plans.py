"""SQLite reads a page of links in the order of an index, or finds the few links of a filter in one."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event

from harness.catalog_fixtures import opened
from harness.known_rows import NOON
from linkweave.catalog.contents import read_contents
from linkweave.catalog.reads.link_counts import count_links
from linkweave.catalog.reads.link_pages import LinkPages
from linkweave.catalog.reads.questions.links import (
    NEWEST_FIRST,
    AccountScope,
    LinkOrder,
    LinkOrderField,
    LinkQuestion,
    Position,
)
from linkweave.catalog.reads.questions.orders import OrderDirection
from linkweave.catalog.sync.read_progress import read_progress
from linkweave.models import LinkFilter

_EVERYTHING: Final = LinkQuestion((AccountScope("a"), AccountScope("b")))
_INDEXES: Final = {
    LinkOrderField.CREATED_AT: "ix_links_by_created_at",
    LinkOrderField.CLICKS: "ix_links_by_clicks",
    LinkOrderField.UNIQUE_CLICKS: "ix_links_by_unique_clicks",
    LinkOrderField.LAST_CLICK_AT: "ix_links_by_last_click_at",
    LinkOrderField.TITLE: "ix_links_by_title_key",
    LinkOrderField.SLUG: "ix_links_by_slug_key",
    LinkOrderField.DESTINATION: "ix_links_by_destination_key",
}
_TEXTS: Final = (LinkOrderField.TITLE, LinkOrderField.SLUG, LinkOrderField.DESTINATION)
_FILTERS: Final = {
    "search": (LinkFilter(search="spring"), "links_search"),
    "destination": (LinkFilter(destination="https://a.example/"), "ix_links_destination_key"),
    "tag": (LinkFilter(tags_all=("spring",)), "ix_link_tags_tag_key_link_id"),
    "domain": (LinkFilter(domains=("go.example",)), "ix_links_of_domain_key"),
    "external id": (LinkFilter(external_id="x"), "ix_links_of_external_id"),
    "team": (LinkFilter(team_ids=("t1", "t2")), "ix_links_of_team_id"),
    "campaign": (LinkFilter(campaign_ids=("c1",)), "ix_links_of_campaign_id"),
    "domain and tag": (LinkFilter(domains=("go.example",), tags_any=("spring",)), "ix_link"),
}


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    """Lists the statements that are executed meanwhile, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        found.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _plans(url: str, statements: Sequence[tuple[str, Any]]) -> list[str]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        plans = (file.execute(f"EXPLAIN QUERY PLAN {statement}", values) for statement, values in statements)
        return [line[3] for plan in plans for line in plan]


async def _plans_of_pages(url: str, question: LinkQuestion, order: LinkOrder, after: Position | None) -> list[str]:
    """Returns how SQLite finds the rows of a page, line by line."""
    async with opened(url) as database, database.read() as connection:
        with _statements() as found:
            await LinkPages().read(connection, question, order, 20, after)
    return _plans(url, [each for each in found if "links.model" in each[0]])


async def test_links_are_counted_without_their_rows(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database, database.read() as connection:
        with _statements() as found:
            assert await count_links(connection, _EVERYTHING) == 0
            await read_contents(database)
            await read_progress(database, [], NOON)
    plan = _plans(sqlite_url, [each for each in found if "count(" in each[0]])
    assert any("COVERING INDEX" in line for line in plan)
    assert any("ix_links_clicks_read_at" in line for line in plan)
    assert all("INDEX" in line for line in plan if " links" in line), plan


async def test_each_page_of_each_order_is_read_from_an_index(sqlite_url: str) -> None:
    for field, index in _INDEXES.items():
        value = "x" if field in _TEXTS else 7
        for direction in OrderDirection:
            for after in (None, Position(value, "a", 3), Position(None, "a", 3)):
                plan = await _plans_of_pages(sqlite_url, _EVERYTHING, LinkOrder(field, direction), after)
                assert plan
                assert all(index in line for line in plan), (field, direction, after, plan)


@pytest.mark.parametrize(("wanted", "index"), _FILTERS.values(), ids=_FILTERS)
async def test_the_few_links_of_a_filter_are_found_in_an_index(sqlite_url: str, wanted: LinkFilter, index: str) -> None:
    question = LinkQuestion((AccountScope("a", wanted), AccountScope("b", wanted)))
    plan = await _plans_of_pages(sqlite_url, question, NEWEST_FIRST, None)
    assert any(index in line for line in plan), plan
    assert not any("SCAN links" in line and "links_search" not in line for line in plan), plan
