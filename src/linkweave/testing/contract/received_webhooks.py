"""RECEIVE_WEBHOOKS: a click at the vendor is told once its link was read, and nothing personal of it is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, Final

import httpx2
import orjson
from starlette.types import Message

from linkweave.models import Capability
from linkweave.providers.emulator_kit import SentWebhook
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks
from linkweave.testing.bench import account_table
from linkweave.testing.contract.base import ProviderContract
from linkweave.testing.gateway import Gateway, open_gateway
from linkweave.testing.virtual_time import in_virtual_time

PUBLIC_URL: Final = "https://links.example.com"
_SECRET: Final = "a secret for the tests of webhooks"  # noqa: S105 - made up
_LISTEN: Final = (
    "mutation ($account: ID!) { listen(account: $account) "
    "{ url placed instructions signingSecret errors { code message } } }"
)
_UNLISTEN: Final = (
    "mutation ($account: ID!) { unlisten(account: $account) { removed instructions errors { code message } } }"
)
_CLICKS: Final = "subscription { clicks { seenBy count country device referrer at link { slug } } }"
# Seconds in which what was sent is told.
_PATIENCE: Final = 5.0


class ReceiveWebhooksContract(ProviderContract):
    """The contract of CanReceiveWebhooks, for providers whose emulator sends webhooks of clicks.

    `clicked_slug` is the slug of a link of the emulator, and `click` is what its webhook tells of the visitor.
    """

    capability = Capability.RECEIVE_WEBHOOKS
    clicked_slug: ClassVar[str]
    click: ClassVar[Mapping[str, object]]

    def open_listening_gateway(self) -> Gateway:
        """Opens a gateway that takes webhooks."""
        providers = {self.provider.id: self.provider}
        return open_gateway(
            providers=providers,
            accounts=[account_table(self.provider)],
            server={"public_url": PUBLIC_URL},
            sections={"hooks": {"secret": _SECRET}},
        )

    async def listen(self, gateway: Gateway) -> str:
        """Makes the vendor send webhooks. Returns their address."""
        listening = (await gateway.data(_LISTEN, account=self.account_key))["listen"]
        assert listening["errors"] == []
        address: str = listening["url"]
        assert address.startswith(f"{PUBLIC_URL}/hooks/{self.account_key}/")
        assert listening["placed"] is issubclass(self.provider.adapter, CanPlaceWebhooks)
        if not listening["placed"]:
            assert listening["instructions"]
            gateway.sandbox.slots[self.provider.id].app.state.send_clicks_to(address)  # type: ignore[attr-defined] # ASGIApp
        return address

    def sent(self, gateway: Gateway) -> list[SentWebhook]:
        """Clicks the link. Returns the webhooks that the emulator sends to the gateway."""
        gateway.sandbox.sent.clear()
        assert gateway.sandbox.click(self.provider.id, self.clicked_slug)
        return [webhook for webhook in gateway.sandbox.sent if webhook.url.startswith(PUBLIC_URL)]

    @in_virtual_time
    async def test_a_click_is_told_with_its_link_and_once(self) -> None:
        gateway = self.open_listening_gateway()
        address = await self.listen(gateway)
        (webhook,) = self.sent(gateway)
        assert webhook.url == address

        async def deliver_twice() -> None:
            for _ in range(2):
                assert (await deliver(gateway, webhook)).status_code == 200

        (told,) = await told_clicks(gateway, deliver_twice)
        assert told["link"]["slug"] == self.clicked_slug
        assert {name: told[name] for name in ("seenBy", "count", *self.click)} == {
            "seenBy": "WEBHOOK",
            "count": 1,
            **self.click,
        }

    @in_virtual_time
    async def test_the_provider_sends_webhooks_until_it_is_told_not_to(self) -> None:
        gateway = self.open_listening_gateway()
        if not issubclass(self.provider.adapter, CanPlaceWebhooks):
            ended = (await gateway.data(_UNLISTEN, account=self.account_key))["unlisten"]
            assert (ended["removed"], ended["errors"]) == (0, [])
            assert ended["instructions"]
            return
        address = await self.listen(gateway)
        made = len([call for call in self.calls(gateway) if not call.startswith("GET")])
        assert await self.listen(gateway) == address
        assert len([call for call in self.calls(gateway) if not call.startswith("GET")]) == made
        ended = (await gateway.data(_UNLISTEN, account=self.account_key))["unlisten"]
        assert ended == {"removed": made, "instructions": None, "errors": []}
        assert self.sent(gateway) == []

    @in_virtual_time
    async def test_a_webhook_that_lacks_a_field_is_refused_by_the_name_of_the_field(self) -> None:
        gateway = self.open_listening_gateway()
        await self.listen(gateway)
        (webhook,) = self.sent(gateway)
        for body, problem in ((b"[]", "shape"), (b"{}", "missing"), (b"{", "no JSON"), (b'{"a":' * 5_000, "")):
            answer = await deliver(gateway, webhook, body=body)
            assert answer.status_code == 400
            assert problem in answer.json()["errors"][0]["message"]

    @in_virtual_time
    async def test_a_wrong_token_and_an_unknown_account_look_alike(self) -> None:
        gateway = self.open_listening_gateway()
        address = await self.listen(gateway)
        (webhook,) = self.sent(gateway)
        others = (f"{address}x", address[:-1], address.replace(self.account_key, "nobody"))
        answers = [await deliver(gateway, webhook, url=url) for url in others]
        bodies = [(answer.status_code, answer.json()) for answer in answers]
        assert bodies[0][0] == 404
        assert bodies == [bodies[0]] * 3


async def deliver(
    gateway: Gateway, webhook: SentWebhook, url: str | None = None, body: bytes | None = None
) -> httpx2.Response:
    """Posts a webhook to the gateway, as its sender would."""
    path = httpx2.URL(url or webhook.url).path
    async with gateway.client() as client:
        return await client.request(
            webhook.method, path, content=webhook.body if body is None else body, headers=dict(webhook.headers)
        )


async def told_clicks(gateway: Gateway, act: Callable[[], Awaitable[None]]) -> list[dict[str, Any]]:
    """Returns the events that a subscriber gets some seconds after `act`."""
    chunks: list[bytes] = []
    requests: list[Message] = [{"type": "http.request", "body": orjson.dumps({"query": _CLICKS})}]
    gone = asyncio.Event()

    async def receive() -> Message:
        if not requests:
            await gone.wait()
        return requests.pop() if requests else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        chunks.append(message.get("body", b""))

    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), (b"accept", b"text/event-stream")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    subscriber = asyncio.create_task(gateway.app({**scope, "http_version": "1.1"}, receive, send))
    await asyncio.sleep(_PATIENCE)
    await act()
    await asyncio.sleep(_PATIENCE)
    gone.set()
    await subscriber
    lines = b"".join(chunks).decode().splitlines()
    results = [orjson.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    assert not [result["errors"] for result in results if "errors" in result]
    return [result["data"]["clicks"] for result in results]
