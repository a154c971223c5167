"""Making, changing and deleting webhooks."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import strawberry

from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.writing.delete_links import ItemOutcome
from linkweave.gather.writing.failures import from_error
from linkweave.models import Capability
from linkweave.models import Webhook as VendorWebhook
from linkweave.models.changes import NewWebhook, WebhookPatch
from linkweave.providers.write_capabilities import CanWriteWebhooks
from linkweave.schema.context import Info
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.parsing import account_of, check_size, owner_of
from linkweave.schema.operations.account_write import Outcome, write, write_at
from linkweave.schema.scalars import URL
from linkweave.schema.types.payloads import DeletePayload, WebhookPayload, errors_of, wrong_input
from linkweave.schema.types.webhook import MASK, Webhook

_ABLE: Final = (CanWriteWebhooks, Capability.WRITE_WEBHOOKS)


@strawberry.input(description="An HTTP header that a webhook sends.")
class HttpHeaderInput:
    name: str = strawberry.field(description="The name of the header.")
    value: str = strawberry.field(description="The value of the header.")


@strawberry.input(description="A webhook to create. Give exactly one of `link`, `domain` and `tag`.")
class CreateWebhookInput:
    account: strawberry.ID = strawberry.field(description="The key or the ID of the account.")
    event: str | None = strawberry.field(default="click", description="The event that triggers the webhook.")
    link: strawberry.ID | None = strawberry.field(
        default=None, description="The ID of a link. Its events trigger the webhook."
    )
    domain: str | None = strawberry.field(
        default=None, description="A short domain. Events of all its links trigger the webhook."
    )
    tag: str | None = strawberry.field(
        default=None, description="A tag. Events of all links with this tag trigger the webhook."
    )
    url: URL = strawberry.field(description="The URL that the provider calls.")
    method: str | None = strawberry.field(default=None, description="The HTTP method: `get` or `post`.")
    headers: list[HttpHeaderInput] | None = strawberry.field(default=None, description="The headers of the call.")
    encoding: str | None = strawberry.field(default=None, description="The encoding of the body: `json` or `form`.")
    ignore_errors: bool | None = strawberry.field(
        default=None, description="Whether the webhook stays active after a call failed."
    )


@strawberry.input(description="Changes to a webhook. Fields that you leave out do not change.")
class UpdateWebhookInput:
    id: strawberry.ID = strawberry.field(description="The ID of the webhook.")
    url: URL | None = strawberry.field(default=None, description="The URL that the provider calls.")
    method: str | None = strawberry.field(default=None, description="The HTTP method: `get` or `post`.")
    headers: list[HttpHeaderInput] | None = strawberry.field(
        default=None, description="The headers of the call. They replace all existing headers."
    )
    encoding: str | None = strawberry.field(default=None, description="The encoding of the body: `json` or `form`.")
    ignore_errors: bool | None = strawberry.field(
        default=None, description="Whether the webhook stays active after a call failed."
    )


@strawberry.type(description="Mutations of webhooks.")
class WebhookMutations:
    @strawberry.mutation(description="Creates a webhook (tiny.cc).")
    async def create_webhook(
        self,
        info: Info,
        input: Annotated[CreateWebhookInput, strawberry.argument(description="The webhook to create.")],  # noqa: A002 - the contract's name
    ) -> WebhookPayload:
        session = info.context.session
        try:
            new = _read_new(session, input)
        except InvalidInputError as error:
            return WebhookPayload(webhook=None, errors=errors_of([wrong_input(error)]))
        return _payload(await write(session, input.account, _ABLE, lambda adapter: adapter.create_webhook(new)))

    @strawberry.mutation(description="Updates a webhook (tiny.cc).")
    async def update_webhook(
        self,
        info: Info,
        input: Annotated[UpdateWebhookInput, strawberry.argument(description="The changes.")],  # noqa: A002 - the contract's name
    ) -> WebhookPayload:
        try:
            loaders, (webhook_id,) = owner_of(info.context.session, "id", input.id, "Webhook")
            headers = _headers(input.headers)
        except InvalidInputError as error:
            return WebhookPayload(webhook=None, errors=errors_of([wrong_input(error)]))
        patch = WebhookPatch(input.url, input.method, headers, input.encoding, input.ignore_errors)
        return _payload(await write_at(loaders, _ABLE, lambda adapter: adapter.update_webhook(webhook_id, patch)))

    @strawberry.mutation(description="Deletes webhooks (tiny.cc). Returns one payload per ID, in the order of the IDs.")
    async def delete_webhooks(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The webhook IDs, at most 1000.")],
    ) -> list[DeletePayload]:
        check_size(ids, "ids")
        session = info.context.session
        refused: dict[int, ItemOutcome] = {}
        done: dict[str, ItemOutcome] = {}
        groups: dict[str, dict[str, str]] = {}
        for place, given in enumerate(ids):
            try:
                loaders, (webhook_id,) = owner_of(session, f"ids.{place}", given, "Webhook")
            except InvalidInputError as error:
                refused[place] = ItemOutcome(wrong_input(error))
            else:
                groups.setdefault(loaders.key, {})[given] = webhook_id
        deleting = (_delete(session.accounts[key], group) for key, group in groups.items())
        for group in await asyncio.gather(*deleting):
            done.update(group)
        return [DeletePayload.of(given, refused.get(place) or done[given]) for place, given in enumerate(ids)]


async def _delete(loaders: AccountLoaders, ids: Mapping[str, str]) -> dict[str, ItemOutcome]:
    """Delete the webhooks of one account; `ids` are the vendor's own by node id."""
    outcome = await write_at(loaders, _ABLE, lambda adapter: adapter.delete_webhooks(list(ids.values())))
    value = outcome.value
    if value is None:
        return dict.fromkeys(ids, ItemOutcome(outcome.failure))

    def done(error: VendorError | None) -> ItemOutcome:
        return ItemOutcome(None if error is None else from_error(error, loaders.account))

    return {given: done(value[webhook_id]) for given, webhook_id in ids.items()}


def _read_new(session: Session, given: CreateWebhookInput) -> NewWebhook:
    if sum(each is not None for each in (given.link, given.domain, given.tag)) != 1:
        raise InvalidInputError("input", "takes exactly one of link, domain and tag")
    loaders = account_of(session, "account", given.account)
    handle = None
    if given.link is not None:
        account, handle = decode_id(given.link, "link", "Link").parts
        if account != loaders.key:
            raise InvalidInputError("link", f"is a link of another account; it must be one of {loaders.key}")
    return NewWebhook(
        given.url,
        given.event or "click",
        handle,
        given.domain,
        given.tag,
        given.method,
        _headers(given.headers),
        given.encoding,
        given.ignore_errors,
    )


def _headers(given: Sequence[HttpHeaderInput] | None) -> tuple[tuple[str, str], ...] | None:
    for place, header in enumerate(given or ()):
        if header.value == MASK:
            raise InvalidInputError(
                f"headers.{place}.value", f"{MASK} is what answers show for it; give the real value"
            )
    return None if given is None else tuple((header.name, header.value) for header in given)


def _payload(done: Outcome[VendorWebhook]) -> WebhookPayload:
    made = None if done.value is None or done.loaders is None else Webhook.of(done.loaders, done.value)
    return WebhookPayload(webhook=made, errors=done.errors())
