from typing import Any

import pytest
import pytest_asyncio

from harness.gateway import open_gateway
from harness.vendor_faults import KINDS

EVERYTHING = """
{
  providers { id name capabilities statsDimensions accounts { key } }
  accounts {
    key label
    provider { id }
    plan { name }
    quotas { name limit }
    externalIdUsage { externalId links }
    domains { name kind isDefault https active redirectStatus rootRedirect notFoundRedirect team { name } }
    tags { name }
    teams { name }
    campaigns { name team { name } }
    trackers { name kind code scope }
    trackingPresets { utmSources utmMediums pixels { id name } tagManagers { id name } }
    webhooks { nodes { event url method headers { name value } target { domain tag link { shortUrl } } } }
    links(first: 4) {
      nodes {
        shortUrl title
        domain { name kind }
        tags { name }
        team { name }
        campaign { name }
        trackers { name }
        stats { clicks uniqueClicks series { date clicks } breakdown(by: COUNTRY) { buckets { key clicks } } }
      }
    }
  }
  tags(first: 100) { nodes { name } sources { account { key } status error { code } } }
  domains { nodes { name } sources { account { key } status error { code } } }
  stats(filter: { tags: { any: ["webinar"] } }) {
    clicks uniqueClicks links
    byAccount { account { key } clicks }
    sources { account { key } status error { code } }
  }
}
"""


def own_part(data: Any, provider: str) -> dict[str, Any]:
    (account,) = (each for each in data["accounts"] if each["provider"]["id"] == provider)
    return dict(account)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told() -> Any:
    return await open_gateway().data(EVERYTHING)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("broken", "kind", "details", "code"),
    [
        *((broken, *fault) for broken in ("picsee", "shortenworld", "tinycc") for fault in KINDS),
        ("cuttly", *KINDS[0]),
        ("chevereto", *KINDS[2]),
    ],
)
async def test_whatever_one_vendor_does_the_others_tell_the_same(
    told: Any, broken: str, kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    gateway.break_provider(broken, kind, **details)
    reply = await gateway.ask(EVERYTHING)
    assert reply.data is not None
    assert reply.data["providers"] == told["providers"]
    for other in {"picsee", "shortenworld", "tinycc", "cuttly", "chevereto"} - {broken}:
        assert own_part(reply.data, other) == own_part(told, other)
    assert set(reply.codes) <= {code}
    assert bool(reply.errors) is (broken in {"picsee", "shortenworld", "tinycc"})
