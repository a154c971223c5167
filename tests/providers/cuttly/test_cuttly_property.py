"""Cutt.ly: whatever an answer holds in whatever place, the outcome is a link or an error of ours."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.cuttly_vendor import SPRING_SALE, adapter_answering
from harness.emulators import NOW
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models import TOTALS, DeviceTarget, Link, Period, Platform, StatsReport
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.cuttly.adapter import CuttlyAdapter

ANSWER: Any = {
    "stats": {
        "status": 1,
        "clicks": "12",
        "date": "2024-05-01",
        "title": "Example",
        "fullLink": "https://example.com",
        "shortLink": "https://cutt.ly/abc123",
        "facebook": 1,
        "twitter": 0,
        "linkedin": 0,
        "rest": 11,
        "refs": {"ref": {"0": {"link": "google.com", "clicks": "3"}}},
        "devices": {name: [{"tag": "PL", "clicks": "8"}] for name in ("geo", "dev", "sys", "bro", "brand", "lang")},
        "bots": {"bots": [{"name": "Googlebot", "clicks": "1"}]},
    }
}

# Values that mean something somewhere come up more often than chance would have them.
TELLING = ["0", "1", "2", "7", "-1", "1e3", "١", "9" * 400, "https://cutt.ly/a", "https://[", "Unauthorized", "\ud800"]
KEYS = ["0", "1", "stats", "status", "url", "auth", "code", "error", "ref", "bots", "shortLink", "title"]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from([*TELLING, 10**400])
)
keys = st.one_of(st.text(), st.sampled_from(KEYS))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from places(inner, (*path, key))


def put(path: tuple[Any, ...], value: object) -> object:
    if not path:
        return value
    answer = deepcopy(ANSWER)
    inner = answer
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return answer


async def read_link(adapter: CuttlyAdapter) -> object:
    return (await adapter.get_links([SPRING_SALE], frozenset())).get(SPRING_SALE)


async def read_stats(adapter: CuttlyAdapter) -> object:
    return await adapter.read_stats(SPRING_SALE, None, Period(NOW.date(), NOW.date()), frozenset({TOTALS}))


async def create(adapter: CuttlyAdapter) -> object:
    return await adapter.create_link(NewLink("https://www.example.com/", slug="new"))


async def delete(adapter: CuttlyAdapter) -> None:
    await adapter.delete_link(SPRING_SALE)


async def update(adapter: CuttlyAdapter, patch: LinkPatch) -> object:
    (step,) = adapter.plan_update(patch)
    return await step.run(SPRING_SALE)


TARGETS = (DeviceTarget(Platform.IOS, "https://b.example.com"),)
WRITES: list[Callable[[CuttlyAdapter], Awaitable[object]]] = [
    create,
    delete,
    lambda adapter: update(adapter, LinkPatch(slug="new")),
    lambda adapter: update(adapter, LinkPatch(password="open sesame")),
    lambda adapter: update(adapter, LinkPatch(device_targets=TARGETS)),
]


def outcome_of(call: Callable[[CuttlyAdapter], Awaitable[object]], data: object, status: int = 200) -> object:
    async def run() -> object:
        try:
            return await call(adapter_answering(data, status))
        except VendorError as error:
            return error

    return asyncio.run(run())


@settings(deadline=None)
@given(path=st.sampled_from(list(places(ANSWER))), value=values, status=st.sampled_from([200, 200, 200, 401, 409]))
def test_any_value_anywhere_gives_a_link_or_an_error_of_ours(path: tuple[Any, ...], value: object, status: int) -> None:
    link = outcome_of(read_link, put(path, value), status)
    assert link is None or isinstance(link, Link | VendorError)


@settings(deadline=None)
@given(path=st.sampled_from(list(places(ANSWER))), value=values)
def test_any_value_anywhere_gives_statistics_or_an_error_of_ours(path: tuple[Any, ...], value: object) -> None:
    assert isinstance(outcome_of(read_stats, put(path, value)), StatsReport | VendorError)


def test_the_answer_that_is_broken_in_every_place_is_a_good_one() -> None:
    assert isinstance(outcome_of(read_stats, ANSWER), StatsReport)


@pytest.mark.parametrize("write", WRITES)
@settings(deadline=None)
@given(data=values, status=st.sampled_from([200, 200, 200, 201, 401, 409]))
def test_whatever_is_answered_a_write_is_done_or_fails_with_an_error_of_ours(
    data: object, status: int, write: Callable[[CuttlyAdapter], Awaitable[object]]
) -> None:
    outcome = outcome_of(write, data, status)
    assert outcome is None or isinstance(outcome, WrittenLink | str | VendorError)
    assert not isinstance(outcome, VendorError) or "sesame" not in repr(outcome)


@settings(deadline=None)
@example("https://[")
@example("https://cutt.ly/a?b")
@given(link=st.one_of(st.text(), st.from_regex(r"https?://[^\s/]+/.*")))
def test_a_created_link_is_found_again_by_its_handle_or_the_create_is_ambiguous(link: str) -> None:
    outcome = outcome_of(create, {"shortLink": link})
    if isinstance(outcome, WrittenLink):
        assert outcome.link.handle == f"{outcome.link.domain or ''}/{outcome.link.slug}"
        assert outcome.link.short_url == link
    else:
        assert isinstance(outcome, AmbiguousError)
