"""`base_url` may end with the path of the API, with the start of it, without it, and with slashes."""

import pytest

from linkweave.providers.discovery import discover
from linkweave.testing.bench import account_table, open_bench
from linkweave.testing.gateway import SANDBOX
from linkweave.testing.virtual_time import in_virtual_time

PROVIDERS = discover()

# What a person may write after the address of the site. For others, the path belongs to the address.
ENDS: dict[str, tuple[str, ...]] = {
    "bitly": ("/v4",),
    "chevereto": ("/api", "/api/1", "/api/1/upload"),
    "cuttly": ("/team", "/team/API", "/team/API/index.php"),
    "kutt": ("/api", "/api/v2"),
    "rebrandly": ("/v1",),
    "shlink": ("/rest", "/rest/v3"),
    "shortio": ("/api",),
    "yourls": ("/yourls-api.php",),
}

# Addresses on the vendor's own host, and where the calls go.
OWN_HOSTS = [
    ("tinycc", "https://tiny.cc", "https://tiny.cc/tiny/api/3"),
    ("tinycc", "https://tiny.cc/tiny/api/3/", "https://tiny.cc/tiny/api/3"),
    ("tinycc", "https://links.example/api", "https://links.example/api"),
    ("shortenworld", "https://api.shortenworld.com/", "https://api.shortenworld.com/v1"),
    ("bitly", "https://api-ssl.bitly.com", "https://api-ssl.bitly.com/v4"),
    ("dub", "https://app.dub.co/api/", "https://app.dub.co/api"),
    ("shlink", "https://v3", "https://v3/rest/v3"),
    ("kutt", "https://go.example/api/v2/shop", "https://go.example/api/v2/shop/api/v2"),
]


@pytest.mark.parametrize("provider", PROVIDERS)
@in_virtual_time
async def test_an_account_works_with_every_end_of_its_address(provider: str) -> None:
    for end in ("", *ENDS.get(provider, ())):
        for slashes in ("", "/", "//"):
            bench = open_bench(PROVIDERS[provider], {"base_url": f"{SANDBOX}/{provider}{end}{slashes}"})
            assert await bench.account.adapter.probe() == ()
            assert bench.calls


@pytest.mark.parametrize(("provider", "given", "expected"), OWN_HOSTS)
def test_the_calls_go_below_the_address_with_the_path_of_the_api(provider: str, given: str, expected: str) -> None:
    record = PROVIDERS[provider]
    assert record.api_url(record.settings.model_validate(account_table(record, {"base_url": given}))) == expected
