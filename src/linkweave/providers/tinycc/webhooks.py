"""Creates, changes and deletes webhooks."""

from collections.abc import Mapping, Sequence
from typing import Final

from linkweave.errors import NotFoundError, UnsupportedError, VendorError
from linkweave.models import Webhook
from linkweave.models.changes import NewWebhook, WebhookPatch
from linkweave.providers.batches import chunks, write_in_turn
from linkweave.providers.tinycc.account_wire import WebhookEntry, WrittenWebhooks
from linkweave.providers.tinycc.handles import GROUP_LIMIT, LinkName, ascii_domain
from linkweave.providers.tinycc.inferred import WEBHOOK_ID
from linkweave.providers.tinycc.link_wire import Done
from linkweave.providers.tinycc.writing import ItemReader
from linkweave.transport.call import Call, Pairs

MASK: Final = "***"
"""What callers see in place of a credential in a header. No header can hold it as its real value."""

_CREATE: Final = "create webhook"
_UPDATE: Final = "update webhook"
_DELETE: Final = "delete webhooks"


class WebhookWriter(ItemReader):
    """WRITE_WEBHOOKS."""

    async def create_webhook(self, new: NewWebhook) -> Webhook:
        """Create a webhook on a link, a domain or a tag."""
        entry = {"event": new.event, **self._target(new), "url": new.url, **self._options(_CREATE, new)}
        return await self._write(Call(_CREATE, "POST", "/webhooks", json={"webhooks": [entry]}, writes=True))

    async def update_webhook(self, webhook_id: str, patch: WebhookPatch) -> Webhook:
        """Change a webhook; its target stays."""
        if not WEBHOOK_ID.fullmatch(webhook_id):
            raise self._unknown(_UPDATE)
        entry = self._changes(patch)
        path = f"/webhooks/{webhook_id}"
        return await self._write(Call(_UPDATE, "PATCH", path, json={"webhooks": [entry]}, writes=True))

    async def update_webhooks(self, ids: Sequence[str], patch: WebhookPatch) -> Mapping[str, Webhook | VendorError]:
        """Change webhooks alike, up to 1,000 a call (DOC); their targets stay."""
        possible = [each for each in dict.fromkeys(ids) if WEBHOOK_ID.fullmatch(each)]
        body = {"webhooks": [self._changes(patch)]}

        async def write(group: tuple[str, ...]) -> Sequence[Webhook | VendorError]:
            call = Call(_UPDATE, "PATCH", *_named(group), json=body, writes=True)
            answer, _ = await self.fetch(WrittenWebhooks, call)
            return self._by_id(answer, group, call)

        results = await write_in_turn(self, _UPDATE, chunks(possible, GROUP_LIMIT), write)
        return {each: results[each] if each in results else self._unknown(_UPDATE) for each in ids}

    def _by_id(self, answer: WrittenWebhooks, group: tuple[str, ...], call: Call) -> list[Webhook | VendorError]:
        """The webhook of each id. The answer does not say why one is missing: it does not exist."""
        items = {str(item.get("id")): item for item in answer.webhooks}
        results: list[Webhook | VendorError] = []
        for each in group:
            item = items.get(each)
            error = self._unknown(_UPDATE) if item is None else self.item_error(item, call)
            results.append(error or self.parse(WebhookEntry, item, call).to_webhook())
        return results

    async def delete_webhooks(self, ids: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete webhooks, up to 1,000 a call."""
        possible = [each for each in dict.fromkeys(ids) if WEBHOOK_ID.fullmatch(each)]

        async def write(group: tuple[str, ...]) -> Sequence[VendorError | None]:
            await self.fetch(Done, Call(_DELETE, "DELETE", *_named(group), writes=True))
            return [None] * len(group)

        results = await write_in_turn(self, _DELETE, chunks(possible, GROUP_LIMIT), write)
        return {each: results[each] if each in results else self._unknown(_DELETE) for each in ids}

    def _target(self, new: NewWebhook) -> dict[str, object]:
        if new.link_handle is not None:
            name = LinkName.parse(new.link_handle)
            if name is None:
                raise self.not_found(_CREATE)
            return {"type": "url", "url_domain": name.domain, "url_hash": name.slug}
        if new.domain is not None:
            return {"type": "domain", "domain": ascii_domain(new.domain)}
        return {"type": "tag", "tag": new.tag}

    def _changes(self, patch: WebhookPatch) -> dict[str, object]:
        return {**({} if patch.url is None else {"url": patch.url}), **self._options(_UPDATE, patch)}

    def _options(self, operation: str, given: NewWebhook | WebhookPatch) -> dict[str, object]:
        """The keys besides target and URL, without the fields that the caller left out.

        Raises:
            UnsupportedError: a header's value is the mask that callers see, which would overwrite the real value.
        """
        if any(value.strip() == MASK for _, value in given.headers or ()):
            message = f"{self.account}: {MASK} stands for a hidden value; give the header's real one"
            raise UnsupportedError(message, account=self.account, operation=operation, field="headers")
        options: dict[str, object] = {
            "method": None if given.method is None else given.method.lower(),
            "headers": None if given.headers is None else [f"{name}: {value}" for name, value in given.headers],
            "encoding": given.encoding,
            "ignore_errors": given.ignore_errors,
        }
        return {key: value for key, value in options.items() if value is not None}

    async def _write(self, call: Call) -> Webhook:
        answer, _ = await self.fetch(WrittenWebhooks, call)
        if len(answer.webhooks) != 1:
            raise self.bad_response(call, "the webhook is missing")
        error = self.item_error(answer.webhooks[0], call)
        if error is not None:
            raise error
        return self.parse(WebhookEntry, answer.webhooks[0], call).to_webhook()

    def _unknown(self, operation: str) -> NotFoundError:
        return self.not_found(operation, "webhook")


def _named(ids: tuple[str, ...]) -> tuple[str, Pairs]:
    """The path and the query that name some webhooks."""
    return (f"/webhooks/{ids[0]}", ()) if len(ids) == 1 else ("/webhooks", (("ids", ",".join(ids)),))
