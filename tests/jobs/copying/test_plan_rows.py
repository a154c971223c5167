"""Which links can be copied, and what stands in the way of the others. No vendor is called."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from harness.emulators import NOW, bench
from linkweave.catalog.jobs.copy_plans import CopyOptions, CopyState, OnConflict, PlanRow, SlugChoice
from linkweave.jobs.copying.plan_rows import MAX_SUFFIX, TargetFacts, plan_rows
from linkweave.models import Expiry, Link, Utm
from linkweave.models.changes import LinkPatch

SOURCE = Link("1", "https://tiny.example/a", "a", "https://example.com/a", NOW, domain="tiny.example")
KEEP = CopyOptions()
SUFFIX = CopyOptions(on_conflict=OnConflict.SUFFIX)
NEW = CopyOptions(slug=SlugChoice.NEW)
S = CopyState


def target(provider: str = "tinycc", **facts: Any) -> TargetFacts:
    return TargetFacts(bench(provider).account, **{"links": (), **facts})


def there(slug: str, destination: str = "https://other.example/", domain: str | None = None) -> Link:
    return replace(SOURCE, handle=f"x{slug}", slug=slug, destination=destination, domain=domain)


def plan(*links: Link, options: CopyOptions = KEEP, facts: TargetFacts | None = None) -> list[PlanRow]:
    return plan_rows(links, options, facts or target())


def states(rows: list[PlanRow]) -> list[tuple[CopyState, str | None]]:
    return [(row.state, None if row.target is None else row.target.slug) for row in rows]


@pytest.mark.parametrize(
    ("options", "links", "known", "expected"),
    [
        (KEEP, [SOURCE], [], [(S.READY, "a")]),
        (NEW, [SOURCE], [], [(S.READY, None)]),
        (KEEP, [SOURCE], [there("a")], [(S.SLUG_TAKEN, None)]),
        (KEEP, [SOURCE], [there("a", SOURCE.destination)], [(S.EXISTS, None)]),
        (KEEP, [SOURCE], [there("b", SOURCE.destination)], [(S.READY, "a")]),
        (CopyOptions(domain="one.example"), [SOURCE], [there("a", domain="two.example")], [(S.READY, "a")]),
        (CopyOptions(domain="one.example"), [SOURCE], [there("a", domain="ONE.example")], [(S.SLUG_TAKEN, None)]),
        (CopyOptions(domain="one.example"), [SOURCE], [there("a")], [(S.SLUG_TAKEN, None)]),
        (NEW, [SOURCE], [there("b", "HTTPS://EXAMPLE.com:443/a")], [(S.EXISTS, None)]),
        (NEW, [SOURCE, replace(SOURCE, handle="2")], [], [(S.READY, None), (S.READY, None)]),
        (SUFFIX, [SOURCE], [there("a"), there("a-2")], [(S.READY, "a-3")]),
        (SUFFIX, [SOURCE], [there("a"), there("a-2", SOURCE.destination)], [(S.EXISTS, None)]),
        (SUFFIX, [SOURCE], [there("a"), *(there(f"a-{n}") for n in range(2, MAX_SUFFIX + 1))], [(S.SLUG_TAKEN, None)]),
        (
            KEEP,
            [SOURCE, replace(SOURCE, handle="2", destination="https://example.com/b")],
            [],
            [(S.READY, "a"), (S.SLUG_TAKEN, None)],
        ),
        (
            SUFFIX,
            [SOURCE, replace(SOURCE, handle="2", destination="https://example.com/b")],
            [],
            [(S.READY, "a"), (S.READY, "a-2")],
        ),
        (KEEP, [SOURCE, replace(SOURCE, handle="2")], [], [(S.READY, "a"), (S.EXISTS, None)]),
    ],
)
def test_slugs_and_destinations_of_the_target_decide(
    options: CopyOptions, links: list[Link], known: list[Link], expected: list[tuple[CopyState, str | None]]
) -> None:
    assert states(plan(*links, options=options, facts=target(links=known))) == expected


def test_a_domain_that_the_target_does_not_have_blocks_every_row() -> None:
    (row,) = plan(SOURCE, options=CopyOptions(domain="no.example"), facts=target(domains=frozenset({"go.example"})))
    assert (row.state, row.target) == (S.DOMAIN_UNKNOWN, None)
    assert row.reason == "tinycc has no domain no.example; there are: go.example"
    assert states(
        plan(SOURCE, options=CopyOptions(domain="GO.example"), facts=target(domains=frozenset({"go.example"})))
    ) == [(S.READY, "a")]


def test_rows_beyond_the_quota_are_over_it_and_blocked_rows_take_nothing_of_it() -> None:
    others = [replace(SOURCE, handle=slug, slug=slug, destination=f"https://example.com/{slug}") for slug in "bcd"]
    rows = plan(SOURCE, *others, facts=target(links=[there("b")], links_left=2))
    assert [row.state for row in rows] == [S.READY, S.SLUG_TAKEN, S.READY, S.OVER_QUOTA]


RICH = replace(
    SOURCE,
    title="Title",
    note="Note",
    tags=("t",),
    utm=Utm(source="s"),
    expiry=Expiry(at=date(2027, 1, 1)),
    password_protected=True,
    campaign_id="c",
    archived=True,
    starred=False,
)


@pytest.mark.parametrize(
    ("provider", "lost", "kept", "later"),
    [
        (
            "tinycc",
            {"password", "campaign", "title", "utm"},
            {"destination", "slug", "note", "tags", "expiry"},
            {"archived"},
        ),
        (
            "yourls",
            {"password", "campaign", "archived", "note", "tags", "utm", "expiry"},
            {"destination", "slug", "title"},
            set(),
        ),
        (
            "shortenworld",
            {"password", "campaign", "note"},
            {"destination", "utm"},
            {"slug", "title", "add_tags", "expiry", "archived"},
        ),
        (
            "cuttly",
            # An expiry without a destination for afterwards is nothing that Cutt.ly knows.
            {"password", "campaign", "archived", "note", "utm", "expiry"},
            {"destination", "slug"},
            {"title", "add_tags"},
        ),
    ],
)
def test_what_the_target_cannot_hold_is_named_and_the_rest_is_kept(
    provider: str, lost: set[str], kept: set[str], later: set[str]
) -> None:
    (row,) = plan(RICH, facts=target(provider))
    assert (row.state, {each.field for each in row.lost}) == (S.READY_WITH_LOSS, lost)
    assert row.target is not None
    assert row.target.given() == kept
    assert (set() if row.patch is None else row.patch.given()) == later


def test_a_value_that_the_target_does_not_allow_is_lost_and_a_slug_then_is_chosen_by_its_vendor() -> None:
    (row,) = plan(replace(SOURCE, slug="s" * 40), facts=target(links=[there("s" * 40)]))
    assert (row.state, [each.field for each in row.lost]) == (S.READY_WITH_LOSS, ["slug"])
    assert row.target is not None
    assert row.target.slug is None


def test_a_link_whose_slug_is_lost_is_not_copied_again() -> None:
    link, copied = replace(SOURCE, slug="s" * 40), there("vendors-own", SOURCE.destination)
    assert [row.state for row in plan(link)] == [S.READY_WITH_LOSS]
    assert states(plan(link, facts=target(links=[copied]))) == [(S.EXISTS, None)]


def test_a_slug_that_is_set_after_the_create_is_kept_unless_it_is_taken() -> None:
    tagged = replace(SOURCE, tags=("spring",))
    (row,) = plan(tagged, facts=target("shortenworld"))
    assert (row.state, row.lost, row.patch) == (S.READY, (), LinkPatch(slug="a", add_tags=("spring",)))
    taken = target("shortenworld", links=[there("a")])
    assert states(plan(tagged, facts=taken)) == [(S.SLUG_TAKEN, None)]
    (row,) = plan(tagged, options=SUFFIX, facts=taken)
    assert row.patch == LinkPatch(slug="a-2", add_tags=("spring",))
    # A copy whose slug was not set is told from other links by its destination alone.
    there_already = target("shortenworld", links=[there("n0001", SOURCE.destination)])
    assert states(plan(tagged, facts=there_already)) == [(S.EXISTS, None)]


def test_a_suffix_that_makes_the_slug_too_long_is_no_way_out() -> None:
    slug = "s" * 25
    (row,) = plan(replace(SOURCE, slug=slug), options=SUFFIX, facts=target(links=[there(slug)]))
    assert (row.state, row.reason) == (S.SLUG_TAKEN, f"the slug {slug}-2 is not allowed there")


@pytest.mark.parametrize(
    ("provider", "options", "reason"),
    [
        ("chevereto", KEEP, "pic.li (Chevereto) cannot create links"),
        ("yourls", CopyOptions(domain="go.example"), "YOURLS does not support the field domain"),
    ],
)
def test_a_target_that_cannot_have_the_link_is_unsupported(provider: str, options: CopyOptions, reason: str) -> None:
    (row,) = plan(SOURCE, options=options, facts=target(provider))
    assert (row.state, row.reason, row.target) == (S.UNSUPPORTED, reason, None)


def test_the_account_of_a_plan_is_never_called() -> None:
    world = bench("tinycc")
    plan_rows([SOURCE, RICH], SUFFIX, TargetFacts(world.account, ()))
    assert list(world.calls) == []
