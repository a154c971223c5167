"""A day that is over is no end of a link: no vendor is asked to set one."""

from datetime import timedelta

import pytest

from linkweave.models import Expiry
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.discovery import discover
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.testing.bench import open_bench
from linkweave.testing.virtual_time import in_virtual_time

PROVIDERS = discover()
# Those that take a day as the end of a link, and nothing else with it.
CHECKED = ("bitly", "dub", "kutt", "picsee", "shlink", "shortio", "tinyurl")


@pytest.mark.parametrize("provider", CHECKED)
@in_virtual_time
async def test_an_expiry_in_the_past_is_invalid_without_a_call(provider: str) -> None:
    bench = open_bench(PROVIDERS[provider])
    adapter = bench.account.adapter
    over = Expiry(at=adapter.today() - timedelta(days=2))
    problems = []
    if isinstance(adapter, CanCreateLinks) and "expiry" in adapter.creatable:
        problems.append(adapter.check_new_link(NewLink("https://www.example.com", expiry=over)))
    if isinstance(adapter, CanUpdateLinks) and "expiry" in adapter.updatable:
        problems.append(adapter.check_patch(LinkPatch(expiry=over)))
    assert problems
    for found in problems:
        assert [(each.path, each.is_invalid) for each in found] == [(("expiry", "at"), True)]
    assert bench.calls == []
