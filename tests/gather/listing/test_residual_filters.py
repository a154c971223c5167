"""Each part of a filter, against a plain implementation of its promise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.emulators import NOW
from harness.fake_accounts import link
from linkweave.gather.listing.residual_filters import cannot_match, residual_predicates, stop_predicate
from linkweave.models import Link, LinkFilter, LinkOrigin
from linkweave.models.host_names import host_key
from linkweave.providers.read_capabilities import FilterField

words = st.sampled_from(["", "a", "A", "ab", "Ä", "ß", "SS", "x"])
names = st.lists(st.sampled_from(["Sale", "sale", "SPRING", "spring", "Ä", "ä", "other"]), max_size=3).map(tuple)
# Three spellings of one URL, and three others.
SAME_URL = {"https://a.example/x", "HTTPS://A.example:443/x", "https://a.example/x#top"}
urls = st.sampled_from([*sorted(SAME_URL), "https://a.example/X", "https://a.example/x?y", "http://a.example/x"])
hosts = st.sampled_from(["go.example", "GO.Example", "bücher.example", "xn--bcher-kva.example", "a.example", ""])
ids = st.sampled_from(["1", "2", "3"])
moments = st.integers(-3, 3).map(lambda minutes: NOW + timedelta(minutes=minutes))
flags = st.sampled_from([None, True, False])

links = st.builds(
    replace,
    st.just(link("a")),
    slug=words,
    destination=words | urls,
    title=st.none() | words,
    note=st.none() | words,
    tags=names,
    domain=st.none() | hosts,
    created_at=st.none() | moments,
    external_id=st.none() | ids,
    team_id=st.none() | ids,
    campaign_id=st.none() | ids,
    archived=flags,
    starred=flags,
)
filters = st.builds(
    LinkFilter,
    search=st.none() | words,
    destination=st.none() | urls,
    tags_any=names,
    tags_all=names,
    tags_none=names,
    domains=st.none() | st.lists(hosts, max_size=2).map(tuple),
    created_after=st.none() | moments,
    created_before=st.none() | moments,
    external_id=st.none() | ids,
    team_ids=st.none() | st.lists(ids, max_size=2).map(tuple),
    campaign_ids=st.none() | st.lists(ids, max_size=2).map(tuple),
    archived=flags,
    starred=flags,
    origin=st.sampled_from(LinkOrigin),
)


def same_domain(one: str, other: str) -> bool:
    spellings = {"bücher.example": "xn--bcher-kva.example"}
    plain = [spellings.get(name.lower(), name.lower()) for name in (one, other)]
    return plain[0] == plain[1]


def is_in(value: str | None, wanted: tuple[str, ...] | None) -> bool:
    return wanted is None or any(value == each for each in wanted)


def lower(tags: tuple[str, ...]) -> set[str]:
    return {tag.casefold() for tag in tags}


PLAIN: dict[FilterField, Callable[[Link, LinkFilter], bool]] = {
    FilterField.SEARCH: lambda link, wanted: (
        wanted.search is None
        or any(
            wanted.search.casefold() in (text or "").casefold()
            for text in (link.slug, link.title, link.note, link.destination)
        )
    ),
    FilterField.DESTINATION: lambda link, wanted: (
        wanted.destination is None
        or link.destination == wanted.destination
        or {link.destination, wanted.destination} <= SAME_URL
    ),
    FilterField.TAGS: lambda link, wanted: (
        (not wanted.tags_any or bool(lower(link.tags) & lower(wanted.tags_any)))
        and lower(wanted.tags_all) <= lower(link.tags)
        and not lower(link.tags) & lower(wanted.tags_none)
    ),
    FilterField.DOMAINS: lambda link, wanted: (
        wanted.domains is None
        or (link.domain is not None and any(same_domain(link.domain, name) for name in wanted.domains))
    ),
    FilterField.CREATED: lambda link, wanted: (
        (wanted.created_after is None or (link.created_at is not None and link.created_at >= wanted.created_after))
        and (wanted.created_before is None or (link.created_at is not None and link.created_at < wanted.created_before))
    ),
    FilterField.EXTERNAL_ID: lambda link, wanted: wanted.external_id is None or link.external_id == wanted.external_id,
    FilterField.AUTHOR: lambda _, wanted: wanted.author_id is None,
    FilterField.TEAMS: lambda link, wanted: is_in(link.team_id, wanted.team_ids),
    FilterField.CAMPAIGNS: lambda link, wanted: is_in(link.campaign_id, wanted.campaign_ids),
    FilterField.ARCHIVED: lambda link, wanted: wanted.archived is None or link.archived == wanted.archived,
    FilterField.STARRED: lambda link, wanted: wanted.starred is None or link.starred == wanted.starred,
    FilterField.ORIGIN: lambda _, wanted: wanted.origin is LinkOrigin.ANY,
}


def passes(link: Link, wanted: LinkFilter, handled: frozenset[FilterField] = frozenset()) -> bool:
    return all(test(link) for test in residual_predicates(wanted, handled))


@settings(max_examples=60)
@given(links, filters, st.frozensets(st.sampled_from(FilterField)))
def test_a_link_matches_where_it_matches_every_part_that_the_vendor_does_not_handle(
    link: Link, wanted: LinkFilter, handled: frozenset[FilterField]
) -> None:
    assert passes(link, wanted, handled) == all(
        test(link, wanted) for part, test in PLAIN.items() if part not in handled
    )


@pytest.mark.parametrize("part", FilterField)
@settings(max_examples=60)
@given(links, filters)
def test_each_part_of_a_filter_matches_as_it_promises(part: FilterField, link: Link, wanted: LinkFilter) -> None:
    others = frozenset(FilterField) - {part}
    assert passes(link, wanted, others) == PLAIN[part](link, wanted)


@settings(max_examples=60)
@given(links)
def test_an_empty_filter_matches_every_link(link: Link) -> None:
    assert residual_predicates(LinkFilter(), frozenset()) == ()
    assert passes(link, LinkFilter())


NOTHING_TOLD = replace(link("a", None), slug="", destination="")


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(search="a"),
        LinkFilter(tags_any=("a",)),
        LinkFilter(tags_all=("a",)),
        LinkFilter(domains=("a.example",)),
        LinkFilter(created_after=NOW),
        LinkFilter(created_before=NOW),
        LinkFilter(external_id="1"),
        LinkFilter(team_ids=("1",)),
        LinkFilter(campaign_ids=("1",)),
        LinkFilter(archived=True),
        LinkFilter(archived=False),
        LinkFilter(starred=True),
        LinkFilter(starred=False),
        LinkFilter(origin=LinkOrigin.DASHBOARD),
    ],
)
def test_a_link_without_a_value_for_a_part_of_the_filter_does_not_match(wanted: LinkFilter) -> None:
    assert not passes(NOTHING_TOLD, wanted)


def test_created_after_is_included_and_created_before_is_not() -> None:
    made_now = link("a", 0)
    assert passes(made_now, LinkFilter(created_after=NOW))
    assert not passes(made_now, LinkFilter(created_before=NOW))


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(domains=()),
        LinkFilter(team_ids=()),
        LinkFilter(campaign_ids=()),
        LinkFilter(created_after=NOW, created_before=NOW),
        LinkFilter(created_after=NOW, created_before=NOW - timedelta(seconds=1)),
    ],
)
def test_a_filter_that_contradicts_itself_cannot_match(wanted: LinkFilter) -> None:
    assert cannot_match(wanted)


@settings(max_examples=60)
@given(links, filters)
def test_no_link_matches_a_filter_that_cannot_match(link: Link, wanted: LinkFilter) -> None:
    if cannot_match(wanted):
        assert not passes(link, wanted)


@pytest.mark.parametrize(
    "wanted", [LinkFilter(), LinkFilter(domains=("a",)), LinkFilter(created_after=NOW), LinkFilter(created_before=NOW)]
)
def test_a_filter_that_does_not_contradict_itself_can_match(wanted: LinkFilter) -> None:
    assert not cannot_match(wanted)


def test_a_list_ends_at_links_that_are_older_and_not_at_those_without_a_date() -> None:
    is_older = stop_predicate(NOW)
    assert stop_predicate(None) is None
    assert is_older is not None
    assert [is_older(each) for each in (link("a", 1), link("a", 0), link("a", None))] == [True, False, False]


@settings(max_examples=60)
@given(st.text())
def test_a_host_has_one_key_however_it_is_spelled(name: str) -> None:
    key = host_key(name)
    assert host_key(key) == key or not key.isascii()
    assert host_key(name.upper()) == host_key(name.upper().casefold())


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Cutt.LY", "cutt.ly"),
        ("cutt.ly.", "cutt.ly"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("no host name", "no host name"),
        ("a..b", "a..b"),
        ("", ""),
        ("ü" * 64, "ü" * 64),
        ("\ud800", "\ud800"),
    ],
)
def test_a_host_name_has_one_key_in_every_spelling(name: str, key: str) -> None:
    assert host_key(name) == key


def test_a_name_that_is_too_long_for_a_host_stays_unchanged() -> None:
    # The codec would take hours for this.
    letters = "".join(chr(0x4E00 + number) for number in range(20_000))
    assert host_key(letters) == letters
