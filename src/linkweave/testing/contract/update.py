"""UPDATE_LINK and BATCH_UPDATE: each field that a provider changes is shown by a later query."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest

from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanUpdateLinks
from linkweave.schema.names import to_camel_case
from linkweave.testing.contract.create import read_link
from linkweave.testing.contract.examples import UPDATE_EXAMPLES, FieldExample, select_examples
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import UPDATE_LINK, UPDATE_LINKS, UPDATE_UNREAD, UPDATE_WHOLE_LINK
from linkweave.testing.virtual_time import in_virtual_time


class UpdateLinksContract(WritesContract):
    """The contract of CanUpdateLinks.

    `update_examples` replace the default examples of fields, and `clear_examples` those of fields that are cleared.
    `update_alone` are fields whose examples contradict another one. `shown_together` is what a link shows in another
    way after all other examples at once. `updates_alike` is True where one call of the vendor changes links alike only.
    `updates_together` is a field that one call changes, where a call takes some fields only.
    """

    capability = Capability.UPDATE_LINK
    update_examples: ClassVar[Mapping[str, FieldExample]] = {}
    clear_examples: ClassVar[Mapping[str, FieldExample]] = {}
    update_alone: ClassVar[frozenset[str]] = frozenset()
    shown_together: ClassVar[Mapping[str, object]] = {}
    updates_alike: ClassVar[bool] = False
    updates_together: ClassVar[str | None] = None

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields an update of each field."""
        yield from super().writes()
        for name, example in self._all_update_examples().items():
            yield f"update {name}", Write(UPDATE_UNREAD, self._prepare_update(example))

    @in_virtual_time
    async def test_each_changed_field_is_shown_by_a_later_query(self, subtests: pytest.Subtests) -> None:
        for name, example in self._all_update_examples().items():
            with subtests.test(field=name):
                gateway = self.open_gateway()
                link = await self.create_link(gateway, **example.before)
                await self._update_and_check(gateway, link, example)

    @in_virtual_time
    async def test_null_clears_each_field_that_can_be_cleared(self, subtests: pytest.Subtests) -> None:
        for name, clearing in self._all_clear_examples().items():
            with subtests.test(field=name):
                gateway = self.open_gateway()
                link = await self.create_link(gateway)
                await self._update(gateway, link, self._all_update_examples()[name].given)
                await self._update_and_check(gateway, link, clearing)

    @in_virtual_time
    async def test_all_fields_are_changed_by_one_update(self) -> None:
        gateway = self.open_gateway()
        alone = {"removeTags", *self.update_alone}
        together = [example for name, example in self._all_update_examples().items() if name not in alone]
        before = {name: value for example in together for name, value in example.before.items()}
        given = {name: value for example in together for name, value in example.given.items()}
        shows = {name: value for example in together for name, value in (example.shows or {}).items()}
        link = await self.create_link(gateway, **before)
        await self._update_and_check(gateway, link, FieldExample(given, {**shows, **self.shown_together}))

    @in_virtual_time
    async def test_the_payload_of_an_update_shows_the_link_as_a_later_query_does(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway)
        name, example = next(iter(self._all_update_examples().items()))
        payload = await gateway.payload(UPDATE_WHOLE_LINK, input={"id": link, **example.given})
        assert payload["errors"] == [], name
        assert payload["link"] == await read_link(gateway, payload["link"]["id"])

    @in_virtual_time
    async def test_updates_of_several_links_are_each_read_back(self) -> None:
        gateway = self.open_gateway()
        examples = self._all_update_examples()
        name = self.updates_together or next(iter(examples))
        example = examples[name]
        links = [await self.create_link(gateway) for _ in range(4)]
        changes = [example.given] * 4
        if name == "destination":
            changes += [{name: f"https://www.example.com/each/{number}"} for number in range(4)]
        for batch in filter(None, (changes[:4], changes[4:])):
            gateway.forget_calls()
            inputs = [{"id": link, **change} for link, change in zip(links, batch, strict=False)]
            payloads = await gateway.payload(UPDATE_LINKS, inputs=inputs)
            assert [(payload["applied"], payload["errors"]) for payload in payloads] == [([name], [])] * len(batch)
            one_call = Capability.BATCH_UPDATE in self.provider.capabilities
            calls = len({str(change) for change in batch}) if self.updates_alike else 1
            assert not one_call or len(self.writing_calls(gateway)) == calls
            links = [payload["link"]["id"] for payload in payloads] or links
            for link, change in zip(links, batch, strict=False):
                read = await read_link(gateway, link)
                assert example.shows is None or read[name] == change[name]

    def _all_update_examples(self) -> dict[str, FieldExample]:
        adapter = self.provider.adapter
        assert issubclass(adapter, CanUpdateLinks)
        return select_examples(adapter.updatable, UPDATE_EXAMPLES, self.update_examples)

    def _all_clear_examples(self) -> dict[str, FieldExample]:
        adapter = self.provider.adapter
        assert issubclass(adapter, CanUpdateLinks)
        names = [to_camel_case(name) for name in adapter.clearable]
        told = {name for name, example in self._all_update_examples().items() if example.shows is not None}
        cleared = {"password": {"passwordProtected": False}}
        defaults = {
            name: FieldExample({name: None}, cleared.get(name, {name: None}) if name in told else None)
            for name in names
        }
        return {**defaults, **self.clear_examples}

    def _prepare_update(self, example: FieldExample) -> Any:
        async def prepare(gateway: Gateway) -> Mapping[str, Any]:
            return {"input": {"id": await self.create_link(gateway, **example.before), **example.given}}

        return prepare

    async def _update(self, gateway: Gateway, link: str, changes: Mapping[str, object]) -> str:
        """Updates a link; returns its id, which a new slug may have changed."""
        payload = await gateway.payload(UPDATE_LINK, input={"id": link, **changes})
        assert (payload["errors"], payload["failed"], payload["applied"]) == ([], [], sorted(changes))
        return str(payload["link"]["id"])

    async def _update_and_check(self, gateway: Gateway, link: str, example: FieldExample) -> None:
        read = await read_link(gateway, await self._update(gateway, link, example.given))
        unchanged = {} if "destination" in example.given else {"destination": "https://www.example.com/new"}
        expected = {**unchanged, **(example.shows or {})}
        assert {shown: read[shown] for shown in expected} == expected


class UpdateBatchContract(UpdateLinksContract):
    """The contract of CanUpdateLinksTogether."""

    capability = Capability.BATCH_UPDATE
