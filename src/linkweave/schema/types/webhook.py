"""Webhooks."""

from typing import Final

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.webhooks.addresses import without_token
from linkweave.schema.context import Info, selected_fields
from linkweave.schema.global_ids import encode_id
from linkweave.schema.scalars import URL
from linkweave.schema.types.link import Link
from linkweave.schema.types.lost_rows import report_left_out
from linkweave.schema.types.nullable import none_if_unsupported
from linkweave.schema.types.owned import Owned
from linkweave.schema.types.pagination import PageInfo, build_page

MASK: Final = "***"

# A header with one of these words in its name may contain a credential.
_SECRET_WORDS: Final = ("auth", "key", "token", "secret", "cookie", "password", "signature", "credential", "session")


@strawberry.type(
    description=(
        "The links whose events trigger a webhook. Exactly one field is set. None is set if the link was deleted."
    )
)
class WebhookTarget:
    loaders: strawberry.Private[AccountLoaders]
    link_handle: strawberry.Private[str | None]
    domain: str | None = strawberry.field(description="A short domain. Events of all its links trigger the webhook.")
    tag: str | None = strawberry.field(description="A tag. Events of all links with this tag trigger the webhook.")

    @strawberry.field(description="A single link.")
    async def link(self, info: Info) -> Link | None:
        if self.link_handle is None:
            return None
        link = await none_if_unsupported(self.loaders.link(self.link_handle, selected_fields(info)))
        return None if link is None else Link.of(self.loaders, link)


@strawberry.type(description="An HTTP header that a webhook sends.")
class HttpHeader:
    name: str = strawberry.field(description="The name of the header.")
    value: str = strawberry.field(
        description="The value of the header. It is `***` if the header may contain a credential."
    )


@strawberry.type(description="A webhook: the provider calls a URL if an event happens.")
class Webhook(Owned):
    event: str = strawberry.field(description='The event that triggers the webhook, for example "click".')
    target: WebhookTarget = strawberry.field(description="The links whose events trigger the webhook.")
    url: URL = strawberry.field(description="The URL that the provider calls. The token of a gateway is masked.")
    method: str = strawberry.field(description="The HTTP method in lower case.")
    headers: list[HttpHeader] = strawberry.field(
        description="The headers of the call. Values that may contain credentials are masked."
    )
    encoding: str = strawberry.field(description="The encoding of the body: `json` or `form`.")
    ignore_errors: bool = strawberry.field(description="Whether the webhook stays active after a call failed.")

    @classmethod
    def of(cls, loaders: AccountLoaders, webhook: models.Webhook) -> "Webhook":
        return cls(
            id=encode_id("Webhook", loaders.key, webhook.id),
            loaders=loaders,
            event=webhook.event,
            target=WebhookTarget(
                loaders=loaders,
                link_handle=webhook.link_handle,
                domain=webhook.domain,
                tag=webhook.tag,
            ),
            url=URL(without_token(webhook.url)),
            method=webhook.method,
            headers=[HttpHeader(name=name, value=_masked(name, value)) for name, value in webhook.headers],
            encoding=webhook.encoding,
            ignore_errors=webhook.ignore_errors,
        )


@strawberry.type(description="A webhook in a list, with its cursor.")
class WebhookEdge:
    cursor: str = strawberry.field(description="The cursor of this webhook. Pass it as `after` to continue behind it.")
    node: Webhook = strawberry.field(description="The webhook.")


@strawberry.type(description="A page of webhooks.")
class WebhookConnection:
    edges: list[WebhookEdge] = strawberry.field(description="The webhooks, each with its cursor.")
    nodes: list[Webhook] = strawberry.field(description="The webhooks.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")


async def read_webhooks(info: Info, loaders: AccountLoaders, first: int, after: str | None) -> WebhookConnection:
    """Reads one page of an account's webhooks, in the provider's order."""
    cursors = info.context.session.cursors
    cursor_key = f"webhooks {loaders.key}"
    offset = 0 if after is None else int(str(cursors.open(cursor_key, after)))
    page = await loaders.webhooks(offset, first)
    report_left_out(info, loaders, "webhooks", page.left_out)
    items = (
        (cursors.seal(cursor_key, offset + count), Webhook.of(loaders, webhook))
        for count, webhook in enumerate(page.items, start=1)
    )
    built = build_page(WebhookEdge, items, has_next=page.next is not None, after=after)
    return WebhookConnection(edges=built.edges, nodes=built.nodes, page_info=built.info)


async def find_webhook(loaders: AccountLoaders, webhook_id: str) -> Webhook | None:
    """Searches the pages of webhooks for the one with the vendor's ID `webhook_id`."""
    offset: int | None = 0
    while offset is not None:
        page = await loaders.webhooks(offset, 100)
        found = next((webhook for webhook in page.items if webhook.id == webhook_id), None)
        if found is not None:
            return Webhook.of(loaders, found)
        offset = offset + len(page.items) if page.next is not None and page.items else None
    return None


def _masked(name: str, value: str) -> str:
    return MASK if any(word in name.casefold() for word in _SECRET_WORDS) else value
