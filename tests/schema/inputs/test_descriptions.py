"""The descriptions of link inputs name the providers that support a field, as the adapters declare it."""

from typing import Any

import pytest

from harness.gateway import five_providers, open_gateway
from linkweave.providers.discovery import discover
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.schema.build import build_schema
from linkweave.schema.inputs.descriptions import describe_inputs
from linkweave.schema.names import to_camel_case

FIELDS = "query ($name: String!) { __type(name: $name) { inputFields { name description } } }"
MARK = " Supported by: "
GATEWAYS_OWN = {"CreateLinkInput": {"accounts", "ifExists", "idempotencyKey"}, "UpdateLinkInput": {"id"}}
PROVIDERS = discover().values()


def takers() -> dict[str, dict[str, list[str]]]:
    """The names of the providers that take a field, by input and field."""
    found: dict[str, dict[str, list[str]]] = {"CreateLinkInput": {}, "UpdateLinkInput": {}}
    for provider in PROVIDERS:
        if issubclass(provider.adapter, CanCreateLinks):
            for name in provider.adapter.creatable:
                found["CreateLinkInput"].setdefault(to_camel_case(name), []).append(provider.name)
        if issubclass(provider.adapter, CanUpdateLinks):
            for name in provider.adapter.updatable:
                found["UpdateLinkInput"].setdefault(to_camel_case(name), []).append(provider.name)
    return found


async def described(name: str) -> dict[str, str]:
    fields: list[Any] = (await open_gateway().data(FIELDS, name=name))["__type"]["inputFields"]
    return {field["name"]: field["description"] for field in fields}


@pytest.mark.parametrize("name", GATEWAYS_OWN)
async def test_the_description_of_a_field_names_the_providers_that_support_it(name: str) -> None:
    fields, known = await described(name), takers()[name]
    for field in fields.keys() - GATEWAYS_OWN[name]:
        said = fields[field].partition(MARK)[2].rstrip(".")
        assert sorted(said.split(", ")) == sorted(known.get(field, ["no provider yet"]))
    assert known.keys() <= fields.keys()


@pytest.mark.parametrize("name", GATEWAYS_OWN)
async def test_the_description_of_a_field_of_the_gateway_names_no_provider(name: str) -> None:
    fields = await described(name)
    assert not any(MARK in fields[field] for field in GATEWAYS_OWN[name])


async def test_a_second_call_leaves_the_descriptions_unchanged() -> None:
    before = await described("CreateLinkInput")
    describe_inputs(discover())
    build_schema()
    assert await described("CreateLinkInput") == before


async def test_a_providers_writable_fields_are_those_of_its_adapter() -> None:
    query = "{ providers { id writableLinkFields } }"
    said = {each["id"]: each["writableLinkFields"] for each in (await open_gateway().data(query))["providers"]}
    assert {name: sorted(fields) for name, fields in said.items()} == {
        provider.id: sorted(to_camel_case(name) for name in provider.writable_fields)
        for provider in five_providers().values()
    }
    assert said["chevereto"] == []
