"""Makes the webhooks at a vendor by which the gateway hears of an account, and takes them away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import VendorError
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks, PlacedWebhook


@dataclass(frozen=True, slots=True)
class Listening:
    """What became of an account's webhooks. `secret` is what the vendor signs with, which it tells only once."""

    changed: int
    secret: str | None = field(default=None, repr=False)
    failures: tuple[VendorError, ...] = ()


async def start_listening(adapter: CanPlaceWebhooks, url: str, folder: str) -> Listening:
    """Sees to it that each place has a webhook with the address `url`. Those with an earlier token are taken away.

    `folder` is what every address of the account begins with. An address that is there already stays.

    Raises:
        VendorError: the vendor's webhooks could not be read.
    """
    with bypass_cache():
        places, placed = await adapter.webhook_places(), await adapter.placed_webhooks()
        old = [each for each in placed if each.url.startswith(folder) and each.url != url]
        removed = await _remove(adapter, old)
        served = {each.place for each in placed if each.url == url}
        secret, failures, made = None, [*removed.failures], 0
        for place in places:
            if place in served:
                continue
            try:
                secret = await adapter.place_webhook(place, url) or secret
            except VendorError as error:
                failures.append(error)
            else:
                made += 1
    return Listening(made, secret, tuple(failures))


async def stop_listening(adapter: CanPlaceWebhooks, folder: str) -> Listening:
    """Takes away every webhook whose address begins with `folder`, whatever its token.

    Raises:
        VendorError: the vendor's webhooks could not be read.
    """
    with bypass_cache():
        placed = await adapter.placed_webhooks()
        return await _remove(adapter, [each for each in placed if each.url.startswith(folder)])


async def _remove(adapter: CanPlaceWebhooks, webhooks: Sequence[PlacedWebhook]) -> Listening:
    failures, removed = list[VendorError](), 0
    for webhook in webhooks:
        try:
            await adapter.remove_webhook(webhook)
        except VendorError as error:
            failures.append(error)
        else:
            removed += 1
    return Listening(removed, failures=tuple(failures))
