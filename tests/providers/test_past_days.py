"""A day that is over is no end of a link: no vendor is asked to set one."""

from datetime import timedelta

import pytest

from linkweave.models import Expiry, ExpiryPart
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.discovery import discover
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.testing.bench import open_bench
from linkweave.testing.virtual_time import in_virtual_time

PROVIDERS = discover()


@pytest.mark.parametrize("provider", [name for name, each in PROVIDERS.items() if each.expiry_parts])
@in_virtual_time
async def test_an_expiry_in_the_past_is_invalid_without_a_call(provider: str) -> None:
    bench = open_bench(PROVIDERS[provider])
    adapter = bench.account.adapter
    # Cutt.ly takes a day with a redirect alone.
    redirect = "https://www.example.com/over" if ExpiryPart.REDIRECT_TO in adapter.expiry_parts else None
    over = Expiry(at=adapter.today() - timedelta(days=2), redirect_to=redirect)
    problems = []
    if isinstance(adapter, CanCreateLinks) and "expiry" in adapter.creatable:
        problems.append(adapter.check_new_link(NewLink("https://www.example.com", expiry=over)))
    if isinstance(adapter, CanUpdateLinks) and "expiry" in adapter.updatable:
        problems.append(adapter.check_patch(LinkPatch(expiry=over)))
    assert problems
    for found in problems:
        assert [(each.path, each.is_invalid) for each in found] == [(("expiry", "at"), True)]
        assert f"today, {adapter.today()}" in found[0].message
    assert bench.calls == []
