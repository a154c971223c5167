"""Every provider has a contract test; a vendor's certain refusal of a write is reported after one call."""

import importlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE, new_link, only_error
from linkweave.providers.discovery import discover
from linkweave.testing.bench import account_table
from linkweave.testing.contract import ProviderContract

PROVIDERS = discover()

# The settings that differ from the sandbox account's, the fields of the link, and the error.
REFUSALS: dict[str, tuple[str, Mapping[str, object], Mapping[str, object], str, str | None]] = {
    "picsee plan": (
        "picsee",
        {"token": "sandbox-picsee-basic-token"},
        {"title": "needs the advanced plan"},
        "PLAN_REQUIRED",
        "PUB00201",
    ),
    "picsee credentials": ("picsee", {"token": "wrong"}, {}, "UNAUTHENTICATED", None),
    "cuttly plan": ("cuttly", {}, {"fetchTitle": False}, "PLAN_REQUIRED", "Insufficient subscription level"),
    "cuttly expired": (
        "cuttly",
        {"api_key": "sandbox-cuttly-expired-key"},
        {},
        "PLAN_REQUIRED",
        "Subscription has expired",
    ),
    "cuttly credentials": ("cuttly", {"api_key": "wrong"}, {}, "UNAUTHENTICATED", "auth:false"),
    "bitly credentials": ("bitly", {"token": "wrong"}, {}, "FORBIDDEN", "FORBIDDEN"),
    "bitly links of the month": (
        "bitly",
        {"token": "sandbox-bitly-free-token", "group": "Bfree000001"},
        {},
        "QUOTA_EXHAUSTED",
        "MONTHLY_ENCODE_LIMIT_EXCEEDED",
    ),
    "dub credentials": ("dub", {"token": "wrong"}, {}, "UNAUTHENTICATED", "unauthorized"),
    "kutt credentials": ("kutt", {"api_key": "wrong"}, {}, "UNAUTHENTICATED", "Unauthorized."),
    "kutt banned": ("kutt", {"api_key": "sandbox-kutt-key-of-a-banned-user-000000"}, {}, "FORBIDDEN", None),
    "rebrandly credentials": ("rebrandly", {"api_key": "wrong"}, {}, "UNAUTHENTICATED", "Unauthorized"),
    "shlink credentials": ("shlink", {"api_key": "wrong"}, {}, "UNAUTHENTICATED", "invalid-api-key"),
    "shortio credentials": (
        "shortio",
        {"api_key": "wrong", "domains": ["go.shortio-demo.example"]},
        {},
        "UNAUTHENTICATED",
        None,
    ),
    "shortio plan": (
        "shortio",
        {"api_key": "sandbox-shortio-small-plan-key", "domains": ["go.shortio-demo.example"]},
        {"password": "s3same"},
        "PLAN_REQUIRED",
        None,
    ),
    "yourls credentials": ("yourls", {"signature": "wrong"}, {}, "UNAUTHENTICATED", "403"),
    "tinycc credentials": ("tinycc", {"api_key": "wrong"}, {}, "UNAUTHENTICATED", "1300"),
    "tinyurl credentials": ("tinyurl", {"token": "wrong"}, {}, "UNAUTHENTICATED", "1"),
    "tinyurl permission": ("tinyurl", {"token": "sandbox-tinyurl-reading-token"}, {}, "FORBIDDEN", "4"),
}


def test_every_provider_of_this_repository_has_a_contract_test() -> None:
    modules = [importlib.import_module(path.stem) for path in Path(__file__).parent.glob("test_*_contract.py")]
    tested = {
        kind.provider.id
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ProviderContract) and hasattr(kind, "provider")
    }
    assert tested == PROVIDERS.keys()


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_certain_refusal_has_the_vendors_code_after_one_call(name: str) -> None:
    provider, settings, fields, code, provider_code = REFUSALS[name]
    table = account_table(PROVIDERS[provider], settings)
    gateway = open_gateway(providers=PROVIDERS, accounts=[table])
    payload = await gateway.payload(CREATE, input=new_link(str(table["key"]), **fields))
    error = only_error(payload)
    assert (error["code"], error["providerCode"] if provider_code else None) == (code, provider_code)
    assert [len(calls) for calls in gateway.calls().values()] == [1]
