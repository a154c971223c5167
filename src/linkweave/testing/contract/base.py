"""The part of the contract that every provider keeps, whatever it offers."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import httpx2
import pytest
from pydantic import SecretStr

from linkweave.errors import UnauthenticatedError, VendorError
from linkweave.gather.lookup.find_links import split_short_url
from linkweave.models import Capability, Dimension, Link
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers import read_capabilities, webhook_capabilities, write_capabilities
from linkweave.providers.base import Adapter
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, CanReadStats, LinkOrder
from linkweave.providers.record import Provider
from linkweave.schema.names import to_camel_case
from linkweave.testing.bench import Bench, account_table, list_all_links, open_bench
from linkweave.testing.contract.expiries import expiries, expiry_problems
from linkweave.testing.contract.unsupported import UNSUPPORTED_FIELDS, UNSUPPORTED_LISTS, unsupported_mutations
from linkweave.testing.gateway import AsgiWire, Gateway, open_gateway
from linkweave.testing.mutations import CREATE_LINK
from linkweave.testing.virtual_time import in_virtual_time

CAPABILITY_CLASSES: Mapping[Capability, type] = {
    kind.__dict__["capability"]: kind
    for module in (read_capabilities, webhook_capabilities, write_capabilities)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if isinstance(kind.__dict__.get("capability"), Capability)
}


class ProviderContract:
    """The tests of every provider. A subclass names the provider.

    `provider` is the record. `new_link` are the input fields that every new link needs besides its destination.
    `known_links` are short URLs of the emulator, for vendors that cannot list links.
    """

    provider: ClassVar[Provider]
    new_link: ClassVar[Mapping[str, object]] = {}
    known_links: ClassVar[tuple[str, ...]] = ()

    @property
    def account_key(self) -> str:
        """The key of the provider's first sandbox account."""
        return self.provider.sandbox_accounts[0].key

    def open_bench(self, **changes: object) -> Bench:
        """Opens the adapter over its emulator; `changes` replace settings of the account."""
        return open_bench(self.provider, changes)

    def open_gateway(self, around: Callable[[AsgiWire], httpx2.AsyncBaseTransport] | None = None) -> Gateway:
        """Opens a gateway whose only account is the provider's first sandbox account."""
        providers = {self.provider.id: self.provider}
        return open_gateway(providers=providers, accounts=[account_table(self.provider)], around=around)

    def calls(self, gateway: Gateway) -> list[str]:
        """Returns the calls that the emulator received, as "METHOD path"."""
        return gateway.calls().get(self.provider.id, [])

    def link_input(self, **fields: object) -> dict[str, Any]:
        """Returns the input of a new link, with as little as it needs."""
        return {
            "accounts": [self.account_key],
            "destination": "https://www.example.com/new",
            **self.new_link,
            **fields,
        }

    async def create_link(self, gateway: Gateway, **fields: object) -> str:
        """Creates a link and returns its id."""
        payload = await gateway.payload(CREATE_LINK, input=self.link_input(**fields))
        assert payload["errors"] == []
        assert payload["created"]
        return str(payload["link"]["id"])

    async def some_links(self, bench: Bench) -> list[Link]:
        """Returns links from the start and the end of every lane; without lists, those of `known_links`."""
        if isinstance(bench.account.adapter, CanListLinks):
            links = [link for lane in await list_all_links(bench) for link in (*lane[:2], *lane[-1:])]
        else:
            adapter = bench.adapter_as(CanGetLinks)
            found = [await adapter.find_link(*split_short_url(url), ALL_LINK_FIELDS) for url in self.known_links]
            links = [link for link in found if link is not None]
            assert len(links) == len(self.known_links)
        assert len(links) > 2, "the contract needs three links; name some in `known_links` where none are listed"
        return links

    def test_the_header_lists_the_contract_of_every_capability(self) -> None:
        listed = {
            kind.__dict__["capability"]
            for kind in type(self).__mro__
            if isinstance(kind.__dict__.get("capability"), Capability)
        }
        assert listed == self.provider.capabilities

    def test_each_capability_is_a_base_of_the_adapter_with_all_its_methods(self) -> None:
        adapter = self.provider.adapter
        bases = {capability for capability, kind in CAPABILITY_CLASSES.items() if issubclass(adapter, kind)}
        assert self.provider.capabilities == bases
        assert not inspect.isabstract(adapter)
        assert issubclass(adapter, Adapter)

    def test_the_adapter_has_no_methods_of_capabilities_that_it_does_not_offer(self) -> None:
        for capability in set(Capability) - self.provider.capabilities:
            own = vars(CAPABILITY_CLASSES[capability]).items()
            abstract = [name for name, member in own if getattr(member, "__isabstractmethod__", False)]
            assert not [name for name in abstract if hasattr(self.provider.adapter, name)], capability

    def test_the_class_variables_of_each_capability_are_set(self) -> None:
        adapter = self.provider.adapter
        if issubclass(adapter, CanListLinks):
            assert isinstance(adapter.link_order, LinkOrder)
        if issubclass(adapter, CanReadStats):
            assert adapter.measures
            assert adapter.stats_dimensions <= set(Dimension)

    @in_virtual_time
    async def test_the_providers_query_shows_the_record(self) -> None:
        query = """{ providers {
          id name documentationUrl capabilities statsDimensions
          creatableLinkFields updatableLinkFields clearableLinkFields writableLinkFields expiryParts
        } }"""
        (shown,) = (await self.open_gateway().data(query))["providers"]
        assert set(shown["capabilities"]) == {each.value for each in self.provider.capabilities}
        assert set(shown["statsDimensions"]) == {each.value for each in self.provider.stats_dimensions}
        assert set(shown["expiryParts"]) == {each.name for each in self.provider.expiry_parts}
        for kind in ("creatable", "updatable", "clearable", "writable"):
            names = getattr(self.provider, f"{kind}_fields")
            assert set(shown[f"{kind}LinkFields"]) == {to_camel_case(name) for name in names}
        assert (shown["id"], shown["name"]) == (self.provider.id, self.provider.name)
        assert shown["documentationUrl"].startswith("https://")

    @in_virtual_time
    async def test_each_part_of_an_expiry_is_refused_unless_the_record_has_it(self) -> None:
        bench = self.open_bench()
        for part, expiry in expiries(bench.clock.now().date()).items():
            for problems in expiry_problems(bench.account.adapter, expiry):
                assert (part.value in problems) == (part not in self.provider.expiry_parts), part
        await bench.account.close()

    @in_virtual_time
    async def test_opening_and_closing_an_account_makes_no_call(self) -> None:
        bench = self.open_bench()
        await bench.account.close()
        assert bench.calls == []

    @in_virtual_time
    async def test_valid_credentials_pass_the_probe_within_two_calls(self) -> None:
        bench = self.open_bench()
        assert await bench.account.adapter.probe() == ()
        assert 1 <= len(bench.calls) <= 2

    @in_virtual_time
    async def test_wrong_credentials_fail_the_probe_within_two_calls_and_are_not_quoted(self) -> None:
        account = self.open_bench().account
        wrong = {name: "wrong" for name, value in account.settings if isinstance(value, SecretStr)}
        assert wrong, "credentials must be settings of type SecretStr"
        bench = self.open_bench(**wrong)
        with pytest.raises(UnauthenticatedError) as caught:
            await bench.account.adapter.probe()
        assert caught.value.account == bench.account.key
        assert "wrong" not in str(caught.value)
        assert len(bench.calls) <= 2

    @in_virtual_time
    async def test_an_unreachable_vendor_fails_the_probe(self) -> None:
        with pytest.raises(VendorError):
            await self.open_bench(base_url="http://nowhere").account.adapter.probe()

    @in_virtual_time
    async def test_a_field_of_a_capability_that_is_not_offered_is_empty_without_a_call(self) -> None:
        gateway = self.open_gateway()
        expected: dict[str, object] = {"key": self.account_key}
        selection = "key"
        for capability, (field, subfields) in UNSUPPORTED_FIELDS.items():
            if capability not in self.provider.capabilities:
                selection += f" {field} {subfields}"
                expected[field] = None
        if Capability.ACCOUNT_USAGE not in self.provider.capabilities:
            selection += " plan { name active } quotas { name }"
            plan = self.provider.sandbox_accounts[0].options.get("plan")
            expected |= {"plan": plan and {"name": plan, "active": None}, "quotas": []}
        assert (await gateway.data(f"{{ accounts {{ {selection} }} }}"))["accounts"] == [expected]
        assert gateway.calls() == {}

    @in_virtual_time
    async def test_a_list_that_is_not_offered_has_an_unsupported_source_without_a_call(self) -> None:
        gateway = self.open_gateway()
        selection = "nodes { id } pageInfo { hasNextPage } sources { status error { code message } exhausted }"
        for capability, field in UNSUPPORTED_LISTS.items():
            if capability in self.provider.capabilities:
                continue
            page = (await gateway.data(f"{{ {field} {{ {selection} }} }}"))[field]
            (source,) = page["sources"]
            assert (page["nodes"], page["pageInfo"]["hasNextPage"]) == ([], False)
            assert (source["status"], source["error"]["code"], source["exhausted"]) == ("UNSUPPORTED",) * 2 + (True,)
            assert self.provider.name in source["error"]["message"]
        assert gateway.calls() == {}

    @in_virtual_time
    async def test_a_write_that_is_not_offered_is_unsupported_without_a_call(self) -> None:
        gateway = self.open_gateway()
        for capability, mutation, variables in unsupported_mutations(self.account_key):
            if capability in self.provider.capabilities:
                continue
            payload = single_payload(await gateway.payload(mutation, **variables))
            assert [error["code"] for error in payload["errors"]] == ["UNSUPPORTED"], mutation
        assert gateway.calls() == {}


def single_payload(payload: Any) -> Any:
    """Returns the payload itself, or the first of a list."""
    return payload[0] if isinstance(payload, list) else payload
