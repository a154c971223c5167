"""Visitors of the demo's links are told as they click."""

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Final

import pytest

from linkweave.cli.demo_visitors import PAUSE_SECONDS, Visitors
from linkweave.providers.discovery import discover
from linkweave.testing.gateway import open_gateway

CLIENT: Final = {"clients": [{"name": "dashboard", "token_sha256": "9" * 64, "accounts": ["*"]}]}


@pytest.mark.parametrize(("sections", "told"), [({}, {"dub", "tinycc"}), (CLIENT, set())])
async def test_visitors_click_where_vendors_tell_of_it_if_the_demo_needs_no_token(
    sections: Mapping[str, object], told: set[str]
) -> None:
    known = discover()
    gateway = open_gateway(
        providers={name: known[name] for name in ("dub", "kutt", "rebrandly", "tinycc")},
        server={"public_url": "https://links.example.com"},
        sections={"hooks": {"secret": "a secret for the tests of webhooks"}, **sections},
    )
    visit = asyncio.create_task(Visitors(gateway.app, gateway.sandbox, gateway.clock, Random(7)).visit())  # noqa: S311 - not a secret
    await asyncio.wait([visit], timeout=60 + 20 * PAUSE_SECONDS)
    assert visit.done() is bool(sections)
    visit.cancel()
    ours = [each.url for each in gateway.sandbox.sent if each.url.startswith("https://links.example.com/hooks/")]
    assert {url.split("/")[4] for url in ours} == told
