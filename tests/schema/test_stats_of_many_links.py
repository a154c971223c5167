"""Statistics over a thousand links, and over every vendor at once: few calls, exact sums, and no INTERNAL error."""

from collections import Counter
from dataclasses import replace

import pytest

from harness.gateway import open_gateway
from harness.many_links import COUNT
from linkweave.providers.discovery import discover
from linkweave.testing.bench import account_table
from linkweave.testing.virtual_time import in_virtual_time

PROVIDERS = discover()

# Of what a call is about, the number of calls that count a thousand links: totals, days and countries.
CALLS = {
    # 250 links a call, for each of the three parts. Of young links, the totals came with them.
    "dub": {"GET /analytics": 11},
    # Of 800, 100 and 100 links: 100 a call for totals, and 500 for everything else.
    "shortio": {"GET link_clicks": 10, "POST report": 4},
    # The whole group: one call for totals and days, and one for countries.
    "bitly": {"GET /v4/groups/Bmain000001/clicks": 1, "GET /v4/groups/Bmain000001/countries": 1},
}
LISTING = ("/bitlinks", "/links", "/folders", "/domains")
SHORTER = {"POST /statistics/domain/": "POST report", "GET /statistics/domain/": "GET link_clicks"}

QUERY = """{ stats {
  links complete clicks series { clicks }
  breakdown(by: COUNTRY, first: 50) { buckets { clicks } remainder { clicks } }
  sources { account { key } status error { code } }
} }"""


def kind_of(call: str) -> str:
    return next((kind for start, kind in SHORTER.items() if call.startswith(start)), call)


@pytest.mark.parametrize("name", CALLS)
@in_virtual_time
async def test_a_thousand_links_take_a_handful_of_calls(name: str) -> None:
    provider = replace(PROVIDERS[name], emulator=f"harness.many_links:{name}")
    sections = {"limits": {"cost": 100_000}}
    gateway = open_gateway(providers={name: provider}, accounts=[account_table(provider)], sections=sections)
    stats = (await gateway.data(QUERY))["stats"]
    assert (stats["links"], stats["complete"]) == (COUNT, True)
    countries = sum(bucket["clicks"] for bucket in stats["breakdown"]["buckets"])
    assert stats["clicks"] == sum(day["clicks"] for day in stats["series"]) == countries > 0
    calls = Counter(kind_of(call) for call in gateway.calls()[name] if not call.endswith(LISTING))
    assert calls == CALLS[name]


@in_virtual_time
async def test_statistics_over_every_vendor_have_a_reason_for_all_that_is_missing() -> None:
    gateway = open_gateway(
        providers=PROVIDERS,
        accounts=[account_table(each) for each in PROVIDERS.values()],
        sections={"limits": {"cost": 100_000}},
    )
    reply = await gateway.ask(QUERY)
    stats = reply.data["stats"]
    assert {source["account"]["key"] for source in stats["sources"]} == {
        each.sandbox_accounts[0].key for each in PROVIDERS.values()
    }
    codes = [source["error"]["code"] for source in stats["sources"] if source["error"]]
    assert "INTERNAL" not in [*codes, *(error["extensions"]["code"] for error in reply.errors)]
    for total, error in ((stats["clicks"], ["stats", "clicks"]), (stats["series"], ["stats", "series"])):
        assert total is not None or error in [each["path"] for each in reply.errors]
