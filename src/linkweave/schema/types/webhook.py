"""Webhooks."""

from typing import Final

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.context import Info, selected
from linkweave.schema.global_ids import encode_id
from linkweave.schema.scalars import URL
from linkweave.schema.types.link import Link
from linkweave.schema.types.nullable import none_if_unsupported
from linkweave.schema.types.owned import Owned
from linkweave.schema.types.pagination import PageInfo, build_page

MASK: Final = "***"

# A header whose name has one of these in it may hold a credential, whatever service it is for.
_SECRET_WORDS: Final = ("auth", "key", "token", "secret", "cookie", "password", "signature", "credential", "session")


@strawberry.type(description="What a webhook listens to. Exactly one is set, unless the link is gone.")
class WebhookTarget:
    loaders: strawberry.Private[AccountLoaders]
    link_handle: strawberry.Private[str | None]
    domain: str | None = strawberry.field(description="Every link on this domain.")
    tag: str | None = strawberry.field(description="Every link with this tag.")

    @strawberry.field(description="One link.")
    async def link(self, info: Info) -> Link | None:
        if self.link_handle is None:
            return None
        link = await none_if_unsupported(self.loaders.link(self.link_handle, selected(info)))
        return None if link is None else Link.of(self.loaders, link)


@strawberry.type(description="A header that a webhook sends.")
class HttpHeader:
    name: str = strawberry.field(description="The header's name.")
    value: str = strawberry.field(description="Its value; `***` for headers that may hold a credential.")


@strawberry.type(description="A call that the provider makes when something happens.")
class Webhook(Owned):
    event: str = strawberry.field(description='What must happen, e.g. "click".')
    target: WebhookTarget = strawberry.field(description="What it must happen to.")
    url: URL = strawberry.field(description="Where the call goes.")
    method: str = strawberry.field(description="The HTTP method, in lower case.")
    headers: list[HttpHeader] = strawberry.field(
        description="Headers of the call; those that may hold credentials are masked."
    )
    encoding: str = strawberry.field(description="How the body is encoded: json or form.")
    ignore_errors: bool = strawberry.field(description="Whether the webhook lives on when its calls fail.")

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
            url=URL(webhook.url),
            method=webhook.method,
            headers=[HttpHeader(name=name, value=_masked(name, value)) for name, value in webhook.headers],
            encoding=webhook.encoding,
            ignore_errors=webhook.ignore_errors,
        )


@strawberry.type(description="A webhook in its place in a list.")
class WebhookEdge:
    cursor: str = strawberry.field(description="Reads on after this webhook.")
    node: Webhook = strawberry.field(description="The webhook.")


@strawberry.type(description="A page of webhooks.")
class WebhookConnection:
    edges: list[WebhookEdge] = strawberry.field(description="The webhooks with their cursors.")
    nodes: list[Webhook] = strawberry.field(description="The webhooks.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


async def list_webhooks(info: Info, loaders: AccountLoaders, first: int, after: str | None) -> WebhookConnection:
    """One page of an account's webhooks, in the provider's own order."""
    cursors = info.context.session.cursors
    words = f"webhooks {loaders.key}"
    offset = 0 if after is None else int(str(cursors.open(words, after)))
    page = await loaders.webhooks(offset, first)
    items = (
        (cursors.seal(words, offset + place), Webhook.of(loaders, webhook))
        for place, webhook in enumerate(page.items, start=1)
    )
    built = build_page(WebhookEdge, items, has_next=page.next is not None, after=after)
    return WebhookConnection(edges=built.edges, nodes=built.nodes, page_info=built.info)


async def find_webhook(loaders: AccountLoaders, webhook_id: str) -> Webhook | None:
    """The webhook with the vendor's own id `webhook_id`, looked for page by page."""
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
