"""WRITE_WEBHOOKS: webhooks are created, changed and deleted by a mutation, and seen by a later query."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

import pytest

from linkweave.models import Capability
from linkweave.schema.global_ids import encode_id
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import CREATE_WEBHOOK, DELETE_WEBHOOKS, UPDATE_WEBHOOK, WEBHOOK
from linkweave.testing.virtual_time import in_virtual_time

_URL: Final = "https://hooks.example.com/new"
_CHANGES: Final[tuple[Mapping[str, object], ...]] = (
    {"url": "https://hooks.example.com/moved"},
    {"method": "get"},
    {"headers": [{"name": "Cache-Control", "value": "no-cache"}]},
    {"encoding": "form"},
    {"ignoreErrors": True},
)


class WriteWebhooksContract(WritesContract):
    """The contract of CanWriteWebhooks, for providers that also list webhooks.

    `webhook_targets` are a domain and a tag of the emulator.
    """

    capability = Capability.WRITE_WEBHOOKS
    webhook_targets: ClassVar[tuple[Mapping[str, str], ...]]

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a creation, a change and a deletion of a webhook."""
        yield from super().writes()

        async def create(_: Gateway) -> Mapping[str, Any]:
            return {"input": self._webhook_input(**self.webhook_targets[0])}

        async def update(gateway: Gateway) -> Mapping[str, Any]:
            return {"input": {"id": (await self._create_webhook(gateway))["id"], "method": "get"}}

        async def delete(gateway: Gateway) -> Mapping[str, Any]:
            return {"ids": [(await self._create_webhook(gateway))["id"]]}

        yield "create webhook", Write(CREATE_WEBHOOK, create)
        yield "update webhook", Write(UPDATE_WEBHOOK, update)
        yield "delete webhook", Write(DELETE_WEBHOOKS, delete)

    @in_virtual_time
    async def test_a_new_webhook_is_listed_as_it_was_made(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway)
        for target in (*self.webhook_targets, {"link": link}):
            webhook = await self._create_webhook(gateway, **target)
            assert (webhook["event"], webhook["url"]) == ("click", _URL)
            shown = {"domain": None, "tag": None, "link": None, **target}
            assert webhook["target"] == {**shown, "link": shown["link"] and {"id": shown["link"]}}
            assert (await self._listed_webhooks(gateway))[webhook["id"]] == webhook

    @in_virtual_time
    async def test_every_option_of_a_webhook_is_shown_and_its_credentials_are_masked(self) -> None:
        gateway = self.open_gateway()
        headers = [{"name": "Cache-Control", "value": "no-cache"}, {"name": "Authorization", "value": "Bearer sesame"}]
        options = {"method": "GET", "headers": headers, "encoding": "form", "ignoreErrors": True}
        webhook = await self._create_webhook(gateway, **self.webhook_targets[0], **options)
        listed = (await self._listed_webhooks(gateway))[webhook["id"]]
        assert (listed["method"], listed["encoding"], listed["ignoreErrors"]) == ("get", "form", True)
        assert listed["headers"] == [headers[0], {"name": "Authorization", "value": "***"}]

    @in_virtual_time
    async def test_a_change_of_a_webhook_leaves_the_rest(self, subtests: pytest.Subtests) -> None:
        for change in _CHANGES:
            with subtests.test(change=change):
                gateway = self.open_gateway()
                webhook = await self._create_webhook(gateway)
                payload = await gateway.payload(UPDATE_WEBHOOK, input={"id": webhook["id"], **change})
                assert (payload["errors"], payload["webhook"]) == ([], {**webhook, **change})
                assert (await self._listed_webhooks(gateway))[webhook["id"]] == {**webhook, **change}

    @in_virtual_time
    async def test_deleted_webhooks_are_gone_by_one_call_and_others_stay(self) -> None:
        gateway = self.open_gateway()
        first, second, kept = [(await self._create_webhook(gateway))["id"] for _ in range(3)]
        gateway.forget_calls()
        payloads = await gateway.payload(DELETE_WEBHOOKS, ids=[first, second, first])
        assert payloads == [{"id": each, "deleted": True, "errors": []} for each in (first, second, first)]
        assert len(self.calls(gateway)) == 1
        assert {first, second, kept} & (await self._listed_webhooks(gateway)).keys() == {kept}

    @in_virtual_time
    async def test_an_unknown_webhook_is_neither_changed_nor_deleted(self) -> None:
        gateway = self.open_gateway()
        gone = encode_id("Webhook", self.account_key, "4711")
        changed = await gateway.payload(UPDATE_WEBHOOK, input={"id": gone, "url": _URL})
        (deleted,) = await gateway.payload(DELETE_WEBHOOKS, ids=[gone])
        assert (changed["webhook"], deleted["deleted"]) == (None, False)
        assert [error["code"] for each in (changed, deleted) for error in each["errors"]] == ["NOT_FOUND"] * 2

    def _webhook_input(self, **fields: object) -> dict[str, Any]:
        return {"account": self.account_key, "url": _URL, **fields}

    async def _create_webhook(self, gateway: Gateway, **fields: object) -> Any:
        payload = await gateway.payload(
            CREATE_WEBHOOK, input=self._webhook_input(**(fields or self.webhook_targets[0]))
        )
        assert payload["errors"] == []
        return payload["webhook"]

    async def _listed_webhooks(self, gateway: Gateway) -> dict[str, Any]:
        query = f"query ($key: String!) {{ account(key: $key) {{ webhooks {{ nodes {{ {WEBHOOK} }} }} }} }}"
        nodes = (await gateway.data(query, key=self.account_key))["account"]["webhooks"]["nodes"]
        return {webhook["id"]: webhook for webhook in nodes}
