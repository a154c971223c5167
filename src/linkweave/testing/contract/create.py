"""CREATE_LINK and BATCH_CREATE: each field that a provider takes is written, and shown by a later query."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final

import pytest

from linkweave.gather.writing.idempotency import KEY_TTL_SECONDS
from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanCreateLinks
from linkweave.testing.contract.examples import CREATE_EXAMPLES, FieldExample, select_examples
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import CREATE_LINK, CREATE_LINKS, CREATE_UNREAD, CREATE_WHOLE_LINK, LINK
from linkweave.testing.virtual_time import in_virtual_time

# Some vendors have one link per destination at most.
_EARLIER: Final = "https://www.example.com/earlier"


async def read_link(gateway: Gateway, link: str, selection: str = LINK) -> Any:
    """Returns the link as a later query shows it; None where it is gone."""
    query = f"query ($id: ID!) {{ link(id: $id) {{ {selection} }} }}"
    return (await gateway.data(query, id=link))["link"]


class CreateLinksContract(WritesContract):
    """The contract of CanCreateLinks. `create_examples` replace the default examples of fields."""

    capability = Capability.CREATE_LINK
    create_examples: ClassVar[Mapping[str, FieldExample]] = {}

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a create after the first, so that logins and look-ups are over."""
        yield from super().writes()

        async def prepare(gateway: Gateway) -> Mapping[str, Any]:
            await self.create_link(gateway, destination=_EARLIER)
            return {"input": self.link_input()}

        yield "create", Write(CREATE_UNREAD, prepare)

    @in_virtual_time
    async def test_each_field_of_a_new_link_is_shown_by_a_later_query(self, subtests: pytest.Subtests) -> None:
        adapter = self.provider.adapter
        assert issubclass(adapter, CanCreateLinks)
        for name, example in select_examples(adapter.creatable, CREATE_EXAMPLES, self.create_examples).items():
            with subtests.test(field=name):
                gateway = self.open_gateway()
                link = await read_link(gateway, await self.create_link(gateway, **example.given))
                expected = {"destination": "https://www.example.com/new", **(example.shows or {})}
                assert {shown: link[shown] for shown in expected} == expected

    @in_virtual_time
    async def test_the_payload_shows_the_link_as_a_later_query_does(self) -> None:
        gateway = self.open_gateway()
        payload = await gateway.payload(CREATE_WHOLE_LINK, input=self.link_input())
        assert payload["errors"] == []
        assert payload["link"] == await read_link(gateway, payload["link"]["id"])

    @in_virtual_time
    async def test_a_new_link_is_found_by_its_short_url_and_first_in_its_list(self) -> None:
        gateway = self.open_gateway()
        link = await read_link(gateway, await self.create_link(gateway), "id shortUrl destination")
        query = "query ($url: URL!) { link(shortUrl: $url) { id shortUrl destination } }"
        assert (await gateway.data(query, url=link["shortUrl"]))["link"] == link
        newest = (await gateway.data("{ links(first: 1) { nodes { id } } }"))["links"]["nodes"]
        offers_list = Capability.LIST_LINKS in self.provider.capabilities
        assert newest == ([{"id": link["id"]}] if offers_list else [])

    @in_virtual_time
    async def test_a_create_is_one_call_where_the_answer_tells_what_is_selected(self) -> None:
        gateway = self.open_gateway()
        await self.create_link(gateway, destination=_EARLIER)
        gateway.forget_calls()
        await self.create_link(gateway)
        assert len(self.calls(gateway)) == 1

    @in_virtual_time
    async def test_several_new_links_are_all_read_back(self) -> None:
        gateway = self.open_gateway()
        await self.create_link(gateway)
        gateway.forget_calls()
        wanted = [f"https://www.example.com/batch/{number}" for number in range(5)]
        inputs = [self.link_input(destination=destination) for destination in wanted]
        payloads = await gateway.payload(CREATE_LINKS, inputs=inputs)
        one_call = Capability.BATCH_CREATE in self.provider.capabilities
        assert len(self.writing_calls(gateway)) == (1 if one_call else 5)
        assert [(payload["created"], payload["errors"]) for payload in payloads] == [(True, [])] * 5
        links = [await read_link(gateway, payload["link"]["id"], "destination") for payload in payloads]
        assert [link["destination"] for link in links] == wanted

    @in_virtual_time
    async def test_a_repeated_key_creates_no_link_before_reads_show_what_an_ambiguous_create_wrote(self) -> None:
        lag = self.provider.adapter.read_lag
        gateway = self.open_gateway()
        await self.create_link(gateway)
        gateway.forget_calls()
        gateway.break_provider(self.provider.id, "truncated", times=1)
        keyed = {"input": self.link_input(destination="https://www.example.com/unclear", idempotencyKey="k")}
        (unclear,) = (await gateway.payload(CREATE_LINK, **keyed))["errors"]
        again = await gateway.payload(CREATE_LINK, **keyed)
        assert unclear["code"] == "AMBIGUOUS"
        broken, *others = gateway.sandbox.calls(self.provider.id)
        assert broken.question not in {call.question for call in others}
        assert not again["created"]
        assert lag >= timedelta(0)
        assert lag < timedelta(seconds=KEY_TTL_SECONDS), "keys expire before the vendor's reads show what was written"

    @in_virtual_time
    async def test_an_ambiguous_create_says_what_to_look_for(self) -> None:
        gateway = self.open_gateway()
        await self.create_link(gateway, destination=_EARLIER)
        gateway.break_provider(self.provider.id, "reset")
        (error,) = (await gateway.payload(CREATE_LINK, input=self.link_input()))["errors"]
        assert error["code"] == "AMBIGUOUS"
        assert "https://www.example.com/new" in error["message"]
        assert "idempotencyKey" in error["message"]


class CreateBatchContract(CreateLinksContract):
    """The contract of CanCreateLinksTogether."""

    capability = Capability.BATCH_CREATE
