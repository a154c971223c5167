"""Making, changing and deleting webhooks."""

from collections.abc import Sequence
from typing import Final

from linkweave.errors import NotFoundError, UnsupportedError, VendorError
from linkweave.models import Webhook
from linkweave.models.changes import NewWebhook, WebhookPatch
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc.batches import in_turn
from linkweave.providers.tinycc.handles import GROUP_LIMIT, LinkName, ascii_domain
from linkweave.providers.tinycc.inferred import WEBHOOK_ID
from linkweave.providers.tinycc.links import to_webhook
from linkweave.providers.tinycc.refusals import item_error, no_such_link
from linkweave.providers.tinycc.wire import Done, WebhookEntry, WrittenWebhooks
from linkweave.transport.call import Call

MASK: Final = "***"
"""What callers see in place of a credential in a header: nothing that the header could really hold."""

_CREATE: Final = "create webhook"
_UPDATE: Final = "update webhook"
_DELETE: Final = "delete webhooks"


async def create(vendor: Adapter, new: NewWebhook) -> Webhook:
    """POST /webhooks with one entry."""
    entry = {
        "event": new.event,
        **_target(vendor, new),
        "url": new.url,
        **_options(vendor, _CREATE, new),
    }
    return await _write(vendor, Call(_CREATE, "POST", "/webhooks", json={"webhooks": [entry]}, writes=True))


async def update(vendor: Adapter, webhook_id: str, patch: WebhookPatch) -> Webhook:
    """PATCH /webhooks/{id}."""
    if not WEBHOOK_ID.fullmatch(webhook_id):
        raise _no_such_webhook(vendor, _UPDATE)
    entry = {**({} if patch.url is None else {"url": patch.url}), **_options(vendor, _UPDATE, patch)}
    return await _write(
        vendor, Call(_UPDATE, "PATCH", f"/webhooks/{webhook_id}", json={"webhooks": [entry]}, writes=True)
    )


async def delete(vendor: Adapter, ids: Sequence[str]) -> dict[str, VendorError | None]:
    """DELETE /webhooks, up to 1,000 a call."""
    possible = [each for each in dict.fromkeys(ids) if WEBHOOK_ID.fullmatch(each)]
    groups = (tuple(possible[at : at + GROUP_LIMIT]) for at in range(0, len(possible), GROUP_LIMIT))

    async def send(group: tuple[str, ...]) -> Sequence[VendorError | None]:
        path, query = ("/webhooks", (("ids", ",".join(group)),)) if len(group) > 1 else (f"/webhooks/{group[0]}", ())
        await vendor.fetch(Done, Call(_DELETE, "DELETE", path, query, writes=True))
        return [None] * len(group)

    results = await in_turn(vendor, _DELETE, groups, send)
    return {each: results[each] if each in results else _no_such_webhook(vendor, _DELETE) for each in ids}


def _target(vendor: Adapter, new: NewWebhook) -> dict[str, object]:
    if new.link_handle is not None:
        name = LinkName.parse(new.link_handle)
        if name is None:
            raise no_such_link(vendor.account, _CREATE)
        return {"type": "url", "url_domain": name.domain, "url_hash": name.slug}
    if new.domain is not None:
        return {"type": "domain", "domain": ascii_domain(new.domain)}
    return {"type": "tag", "tag": new.tag}


def _options(vendor: Adapter, operation: str, given: NewWebhook | WebhookPatch) -> dict[str, object]:
    """What may be said of a webhook besides its target and URL; what is not given is left out.

    Raises:
        UnsupportedError: a header is what callers see of a masked one, which would overwrite the real one.
    """
    if any(value.strip() == MASK for _, value in given.headers or ()):
        message = f"{vendor.account}: {MASK} stands for a header that is not shown; give its real value"
        raise UnsupportedError(message, account=vendor.account, operation=operation, field="headers")
    options: dict[str, object] = {
        "method": None if given.method is None else given.method.lower(),
        "headers": None if given.headers is None else [f"{name}: {value}" for name, value in given.headers],
        "encoding": given.encoding,
        "ignore_errors": given.ignore_errors,
    }
    return {key: value for key, value in options.items() if value is not None}


async def _write(vendor: Adapter, call: Call) -> Webhook:
    answer, _ = await vendor.fetch(WrittenWebhooks, call)
    if len(answer.webhooks) != 1:
        raise vendor.bad_response(call, "the webhook is missing")
    error = item_error(answer.webhooks[0], vendor.account, call.operation)
    if error is not None:
        raise error
    return to_webhook(vendor.parse(WebhookEntry, answer.webhooks[0], call))


def _no_such_webhook(vendor: Adapter, operation: str) -> NotFoundError:
    message = f"{vendor.account}: no such webhook ({operation})"
    return NotFoundError(message, account=vendor.account, operation=operation)
