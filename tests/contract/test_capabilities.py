"""What every provider claims it can do, it has the methods for; what it cannot is said without a call."""

import inspect
from typing import Any

import pytest

from harness.gateway import SANDBOX, Gateway, open_gateway
from harness.provider_bench import PROVIDERS, open_bench
from linkweave.models import Capability, Dimension
from linkweave.providers import read_capabilities, write_capabilities
from linkweave.providers.base import Adapter
from linkweave.providers.read_capabilities import CanListLinks, CanReadStats, LinkOrder

KINDS: dict[Capability, type] = {
    kind.__dict__["capability"]: kind
    for module in (read_capabilities, write_capabilities)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if isinstance(kind.__dict__.get("capability"), Capability)
}

# What a query sees of an account that cannot do something: a field that is null.
FIELDS: dict[Capability, str] = {
    Capability.LIST_TAGS: "tags { name }",
    Capability.LIST_DOMAINS: "domains { name }",
    Capability.LIST_TEAMS: "teams { name }",
    Capability.LIST_CAMPAIGNS: "campaigns { name }",
    Capability.LIST_TRACKERS: "trackers { name }",
    Capability.LIST_TRACKING_PRESETS: "trackingPresets { utmSources }",
    Capability.LIST_WEBHOOKS: "webhooks { nodes { url } }",
    Capability.EXTERNAL_ID_USAGE: "externalIdUsage { links }",
}


def own_methods(kind: type) -> list[str]:
    """What `kind` itself demands, without what it takes from another capability."""
    return [name for name, member in vars(kind).items() if getattr(member, "__isabstractmethod__", False)]


def lacking(*which: Capability) -> list[tuple[str, Capability]]:
    return [(name, each) for each in which for name, provider in PROVIDERS.items() if each not in provider.capabilities]


def gateway_of(provider: str) -> Gateway:
    known = PROVIDERS[provider].sandbox_accounts[0]
    table = {"key": known.key, "provider": provider, "base_url": f"{SANDBOX}/{provider}", **known.options}
    return open_gateway(accounts=[table])


def test_every_capability_is_a_type() -> None:
    assert KINDS.keys() == set(Capability)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_claimed_capability_is_a_base_with_all_its_methods(name: str) -> None:
    adapter = PROVIDERS[name].adapter
    assert PROVIDERS[name].capabilities == {each for each, kind in KINDS.items() if issubclass(adapter, kind)}
    assert not inspect.isabstract(adapter)
    assert issubclass(adapter, Adapter)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_capability_that_is_not_claimed_has_no_methods_left_over(name: str) -> None:
    adapter = PROVIDERS[name].adapter
    for each in set(Capability) - PROVIDERS[name].capabilities:
        assert not [method for method in own_methods(KINDS[each]) if hasattr(adapter, method)], each


@pytest.mark.parametrize("name", PROVIDERS)
def test_what_goes_with_a_capability_is_said(name: str) -> None:
    adapter = PROVIDERS[name].adapter
    if issubclass(adapter, CanListLinks):
        assert isinstance(adapter.link_order, LinkOrder)
    if issubclass(adapter, CanReadStats):
        assert adapter.measures
        assert adapter.stats_dimensions <= set(Dimension)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_provider_tells_its_capabilities_to_clients(name: str) -> None:
    query = "{ providers { id name documentationUrl capabilities statsDimensions } }"
    told = {each["id"]: each for each in (await open_gateway().data(query))["providers"]}[name]
    assert set(told["capabilities"]) == {each.value for each in PROVIDERS[name].capabilities}
    assert set(told["statsDimensions"]) == {each.value for each in PROVIDERS[name].stats_dimensions}
    assert told["name"] == PROVIDERS[name].name
    assert told["documentationUrl"].startswith("https://")


@pytest.mark.parametrize(("name", "capability"), lacking(*FIELDS))
async def test_what_a_provider_cannot_tell_is_null_without_a_call_or_an_error(
    name: str, capability: Capability
) -> None:
    gateway = gateway_of(name)
    data = await gateway.data(f"{{ accounts {{ key {FIELDS[capability]} }} }}")
    (account,) = data["accounts"]
    assert account == {"key": account["key"], FIELDS[capability].split()[0]: None}
    assert gateway.calls() == {}


@pytest.mark.parametrize(("name", "_capability"), lacking(Capability.ACCOUNT_USAGE))
async def test_an_account_without_usage_has_no_quotas_and_the_plan_of_its_settings(
    name: str, _capability: Capability
) -> None:
    gateway = gateway_of(name)
    (account,) = (await gateway.data("{ accounts { plan { name active } quotas { name } } }"))["accounts"]
    named = PROVIDERS[name].sandbox_accounts[0].options.get("plan")
    assert account["quotas"] == []
    assert account["plan"] == (None if named is None else {"name": named, "active": None})
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((name, "links") for name, _ in lacking(Capability.LIST_LINKS)),
        *((name, "tags") for name, _ in lacking(Capability.LIST_TAGS)),
        *((name, "domains") for name, _ in lacking(Capability.LIST_DOMAINS)),
    ],
)
async def test_a_list_has_an_unsupported_source_that_was_not_called(name: str, field: str) -> None:
    gateway = gateway_of(name)
    selection = "nodes { id } pageInfo { hasNextPage } sources { status error { code message } returned exhausted }"
    page: dict[str, Any] = (await gateway.data(f"{{ {field} {{ {selection} }} }}"))[field]
    (source,) = page["sources"]
    assert page["nodes"] == []
    assert not page["pageInfo"]["hasNextPage"]
    assert (source["status"], source["error"]["code"]) == ("UNSUPPORTED", "UNSUPPORTED")
    assert PROVIDERS[name].name in source["error"]["message"]
    assert (source["returned"], source["exhausted"]) == (0, True)
    assert gateway.calls() == {}


@pytest.mark.parametrize("name", PROVIDERS)
async def test_opening_an_account_asks_nothing(name: str) -> None:
    bench = open_bench(name)
    assert bench.calls == []
    await bench.account.stack.close()
    assert bench.calls == []
