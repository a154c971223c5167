"""What is made at a vendor, and what is left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linkweave.errors import ConflictError, UnavailableError
from linkweave.gather.webhooks.listening import start_listening, stop_listening
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks, PlacedWebhook, WebhookNews, WebhookRequest

FOLDER = "https://links.example.com/hooks/main/"
URL = f"{FOLDER}new"
OLD = PlacedWebhook("1", f"{FOLDER}old", "a.example")
FOREIGN = PlacedWebhook("2", "https://elsewhere.example/hooks/main/old", "a.example")
OTHER = PlacedWebhook("3", "https://links.example.com/hooks/main2/old", "b.example")


@dataclass
class Vendor(CanPlaceWebhooks):
    """A vendor with two domains. It refuses what is in `refused`: places, and ids of webhooks."""

    placed: list[PlacedWebhook]
    refused: frozenset[str] = frozenset()
    made: list[tuple[str, str]] = field(default_factory=list)

    def read_webhook(self, request: WebhookRequest) -> WebhookNews:
        raise NotImplementedError

    async def webhook_places(self) -> Sequence[str]:
        return ("a.example", "b.example")

    async def placed_webhooks(self) -> Sequence[PlacedWebhook]:
        return list(self.placed)

    async def place_webhook(self, place: str, url: str) -> str | None:
        if place in self.refused:
            raise ConflictError("taken", account="main", operation="create webhook")
        self.made.append((place, url))
        return "whsec_1"

    async def remove_webhook(self, webhook: PlacedWebhook) -> None:
        if webhook.id in self.refused:
            raise UnavailableError("down", account="main", operation="delete webhook")
        self.placed.remove(webhook)


async def test_an_address_with_an_earlier_token_is_replaced_and_those_of_others_stay() -> None:
    vendor = Vendor([OLD, FOREIGN, OTHER, PlacedWebhook("4", URL, "b.example")])
    listening = await start_listening(vendor, URL, FOLDER)
    assert (listening.changed, listening.secret, listening.failures) == (1, "whsec_1", ())
    assert vendor.made == [("a.example", URL)]
    assert OLD not in vendor.placed
    assert vendor.placed[:2] == [FOREIGN, OTHER]


async def test_what_fails_at_one_place_is_told_and_the_others_are_made() -> None:
    vendor = Vendor([OLD], frozenset({"1", "a.example"}))
    listening = await start_listening(vendor, URL, FOLDER)
    assert vendor.made == [("b.example", URL)]
    assert [type(error) for error in listening.failures] == [UnavailableError, ConflictError]


async def test_the_end_of_listening_takes_away_every_token_of_this_gateway() -> None:
    vendor = Vendor([OLD, FOREIGN, OTHER, PlacedWebhook("4", URL, "b.example")], frozenset({"4"}))
    ending = await stop_listening(vendor, FOLDER)
    assert (ending.changed, [type(error) for error in ending.failures]) == (1, [UnavailableError])
    assert [each.id for each in vendor.placed] == ["2", "3", "4"]
