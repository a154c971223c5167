"""Cutt.ly: whatever stands in whatever place of an answer, there is a link, or an error of ours."""

import asyncio
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.emulators import NOW, ManualClock, answering
from linkweave.accounts import open_account
from linkweave.errors import VendorError
from linkweave.models import TOTALS, Link, Period, StatsReport
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.adapter import CuttlyAdapter

HANDLE = "cutt.ly/abc123"
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
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(
        ["0", "1", "2", "-1", "1e3", "١", "9" * 400, "https://example.com", "Unauthorized", "\ud800", 10**400]
    ),
)
keys = st.one_of(
    st.text(), st.sampled_from(["0", "1", "stats", "status", "url", "auth", "code", "error", "ref", "bots"])
)
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


def adapter_for(status: int, data: object) -> CuttlyAdapter:
    settings = PROVIDER.settings.model_validate({"key": "social", "provider": "cuttly", "api_key": "key-of-a-test"})
    http = answering(status, json.dumps(data).encode())
    adapter = open_account(settings, PROVIDER, http, ManualClock()).adapter
    assert isinstance(adapter, CuttlyAdapter)
    return adapter


async def stats_or_error(adapter: CuttlyAdapter) -> object:
    try:
        return await adapter.read_stats(HANDLE, None, Period(NOW.date(), NOW.date()), frozenset({TOTALS}))
    except VendorError as error:
        return error


@settings(deadline=None)
@given(path=st.sampled_from(list(places(ANSWER))), value=values, status=st.sampled_from([200, 200, 200, 401, 409]))
def test_anything_anywhere_gives_links_or_an_error_of_ours(path: tuple[Any, ...], value: object, status: int) -> None:
    links = asyncio.run(adapter_for(status, put(path, value)).get_links([HANDLE], frozenset()))
    assert all(isinstance(link, (Link, VendorError)) for link in links.values())


@settings(deadline=None)
@given(path=st.sampled_from(list(places(ANSWER))), value=values)
def test_anything_anywhere_gives_statistics_or_an_error_of_ours(path: tuple[Any, ...], value: object) -> None:
    outcome = asyncio.run(stats_or_error(adapter_for(200, put(path, value))))
    assert isinstance(outcome, (StatsReport, VendorError))


def test_the_answer_that_is_broken_in_every_place_is_a_good_one() -> None:
    assert isinstance(asyncio.run(stats_or_error(adapter_for(200, ANSWER))), StatsReport)
