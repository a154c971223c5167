"""A filter on what a vendor's links do not have matches nothing, and says why."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.list_plans import filtered_by, no_match, one_list
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SET: dict[str, tuple[object, FilterField]] = {
    "search": ("", FilterField.SEARCH),
    "tags_any": (("a",), FilterField.TAGS),
    "tags_all": (("a",), FilterField.TAGS),
    "tags_none": (("a",), FilterField.TAGS),
    "domains": ((), FilterField.DOMAINS),
    "created_after": (NOW, FilterField.CREATED),
    "created_before": (NOW, FilterField.CREATED),
    "destination": ("", FilterField.DESTINATION),
    "external_id": ("", FilterField.EXTERNAL_ID),
    "author_id": ("", FilterField.AUTHOR),
    "team_ids": ((), FilterField.TEAMS),
    "campaign_ids": ((), FilterField.CAMPAIGNS),
    "archived": (False, FilterField.ARCHIVED),
    "starred": (False, FilterField.STARRED),
    "origin": (LinkOrigin.API, FilterField.ORIGIN),
}


def test_every_field_of_a_filter_is_here() -> None:
    assert SET.keys() == {field.name for field in fields(LinkFilter)}
    assert {part for _, part in SET.values()} == set(FilterField)
    assert filtered_by(LinkFilter()) == frozenset()


@pytest.mark.parametrize("name", SET)
def test_a_field_that_is_set_is_one_part_of_the_filter(name: str) -> None:
    value, part = SET[name]
    wanted = LinkFilter(**{name: value})  # type: ignore[arg-type] # one of each kind
    assert filtered_by(wanted) == {part}
    assert no_match(wanted, {part: "Not here."}) == ListPlan((), notice="Not here.")
    assert no_match(wanted, dict.fromkeys(set(FilterField) - {part})) is None


def test_the_first_unknown_part_says_why() -> None:
    wanted = LinkFilter(starred=True, external_id="x")
    unknown = {FilterField.STARRED: "No stars.", FilterField.EXTERNAL_ID: None}
    assert one_list(wanted, unknown) == ListPlan((), notice="No stars.")


def test_an_account_that_is_one_list_has_one_lane() -> None:
    plan = one_list(LinkFilter(search="x"), {FilterField.STARRED: None}, {"q": "x"}, [FilterField.SEARCH])
    assert plan == ListPlan((Lane("links", {"q": "x"}),), frozenset({FilterField.SEARCH}))
