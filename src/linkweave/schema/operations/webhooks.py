"""Mutations that create, update and delete webhooks."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Final

import strawberry

from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.writing.delete_links import ItemOutcome
from linkweave.gather.writing.failures import Failure, from_error
from linkweave.models import Capability
from linkweave.models import Webhook as VendorWebhook
from linkweave.models.changes import NewWebhook, WebhookPatch
from linkweave.providers.write_capabilities import CanWriteWebhooks
from linkweave.schema.context import Info
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.parsing import find_account, find_owner
from linkweave.schema.operations.account_write import WriteOutcome, write, write_at
from linkweave.schema.operations.batch_targets import BatchTargets, find_batch_targets
from linkweave.schema.scalars import URL
from linkweave.schema.types.payloads import DeletePayload, WebhookPayload, input_failure, user_errors
from linkweave.schema.types.webhook import MASK, Webhook

_METHODS: Final = ("get", "post")
_ENCODINGS: Final = ("json", "form")
# A webhook's server would read what follows them as another header, or as the body.
_HEADER_BREAKS: Final = frozenset("\r\n\0")
# A token of RFC 9110, 5.6.2.
_HEADER_NAME: Final = re.compile(r"[0-9A-Za-z!#$%&'*+.^_`|~-]+")
_NEEDED: Final = (CanWriteWebhooks, Capability.WRITE_WEBHOOKS)


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


@strawberry.input(description="The same changes to several webhooks. Fields that you leave out do not change.")
class UpdateWebhooksInput:
    ids: list[strawberry.ID] = strawberry.field(description="The webhook IDs, at most 1000.")
    url: URL | None = strawberry.field(default=None, description="The URL that the provider calls.")
    method: str | None = strawberry.field(default=None, description="The HTTP method: `get` or `post`.")
    headers: list[HttpHeaderInput] | None = strawberry.field(
        default=None, description="The headers of the call. They replace all existing headers."
    )
    encoding: str | None = strawberry.field(default=None, description="The encoding of the body: `json` or `form`.")
    ignore_errors: bool | None = strawberry.field(
        default=None, description="Whether the webhooks stay active after a call failed."
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
            new = _parse_new(session, input)
        except InvalidInputError as error:
            return WebhookPayload(webhook=None, errors=user_errors([input_failure(error)]))
        return _payload(await write(session, input.account, _NEEDED, lambda adapter: adapter.create_webhook(new)))

    @strawberry.mutation(description="Updates a webhook (tiny.cc).")
    async def update_webhook(
        self,
        info: Info,
        input: Annotated[UpdateWebhookInput, strawberry.argument(description="The changes.")],  # noqa: A002 - the contract's name
    ) -> WebhookPayload:
        try:
            loaders, (webhook_id,) = find_owner(info.context.session, "id", input.id, "Webhook")
            method, headers = _parse_method(input.method), _parse_headers(input.headers)
            url, encoding = _parse_url(input.url), _parse_encoding(input.encoding)
        except InvalidInputError as error:
            return WebhookPayload(webhook=None, errors=user_errors([input_failure(error)]))
        patch = WebhookPatch(url, method, headers, encoding, input.ignore_errors)
        return _payload(await write_at(loaders, _NEEDED, lambda adapter: adapter.update_webhook(webhook_id, patch)))

    @strawberry.mutation(
        description=(
            "Updates webhooks alike, up to 1000 in one call (tiny.cc). Returns one payload per ID, in the order of "
            "the IDs."
        )
    )
    async def update_webhooks(
        self,
        info: Info,
        input: Annotated[UpdateWebhooksInput, strawberry.argument(description="The changes.")],  # noqa: A002 - as updateWebhook's
    ) -> list[WebhookPayload]:
        session = info.context.session
        targets = find_batch_targets(session, input.ids, "Webhook")
        try:
            method, headers = _parse_method(input.method), _parse_headers(input.headers)
            url, encoding = _parse_url(input.url), _parse_encoding(input.encoding)
        except InvalidInputError as error:
            return [_failed(input_failure(error)) for _ in input.ids]
        patch = WebhookPatch(url, method, headers, encoding, input.ignore_errors)
        groups = _by_account(targets)
        updates = (_update(session.accounts[key], ids, patch) for key, ids in groups.items())
        updated = dict(zip(groups, await asyncio.gather(*updates), strict=True))
        payloads = {index: _failed(outcome.failure) for index, outcome in targets.failed.items()}
        payloads |= {index: updated[loaders.key][found] for index, (loaders, found) in targets.found.items()}
        return [payloads[index] for index in range(len(input.ids))]

    @strawberry.mutation(description="Deletes webhooks (tiny.cc). Returns one payload per ID, in the order of the IDs.")
    async def delete_webhooks(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The webhook IDs, at most 1000.")],
    ) -> list[DeletePayload]:
        session = info.context.session
        targets = find_batch_targets(session, ids, "Webhook")
        by_account = _by_account(targets)
        deletions = (_delete(session.accounts[key], webhook_ids) for key, webhook_ids in by_account.items())
        deleted = dict(zip(by_account, await asyncio.gather(*deletions), strict=True))
        outcomes = dict(targets.failed)
        outcomes |= {index: deleted[loaders.key][found] for index, (loaders, found) in targets.found.items()}
        return [DeletePayload.of(webhook_id, outcomes[index]) for index, webhook_id in enumerate(ids)]


def _by_account(targets: BatchTargets) -> dict[str, list[str]]:
    """The vendor's ids, each once, by the key of their account."""
    by_account: dict[str, dict[str, None]] = {}
    for loaders, webhook_id in targets.found.values():
        by_account.setdefault(loaders.key, {})[webhook_id] = None
    return {key: list(ids) for key, ids in by_account.items()}


async def _update(loaders: AccountLoaders, ids: Sequence[str], patch: WebhookPatch) -> dict[str, WebhookPayload]:
    """Updates webhooks of one account, and returns a payload for each ID."""
    outcome = await write_at(loaders, _NEEDED, lambda adapter: adapter.update_webhooks(ids, patch))
    results = outcome.value
    if results is None:
        return dict.fromkeys(ids, _failed(outcome.failure))
    return {
        webhook_id: _failed(from_error(result, loaders.account))
        if isinstance(result, VendorError)
        else WebhookPayload(webhook=Webhook.of(loaders, result), errors=[])
        for webhook_id, result in results.items()
    }


def _failed(failure: Failure | None) -> WebhookPayload:
    return WebhookPayload(webhook=None, errors=[] if failure is None else user_errors([failure]))


async def _delete(loaders: AccountLoaders, webhook_ids: Sequence[str]) -> dict[str, ItemOutcome]:
    """Deletes webhooks of one account, and returns an outcome for each ID."""
    outcome = await write_at(loaders, _NEEDED, lambda adapter: adapter.delete_webhooks(webhook_ids))
    errors = outcome.value
    if errors is None:
        return dict.fromkeys(webhook_ids, ItemOutcome(outcome.failure))

    def item_outcome(error: VendorError | None) -> ItemOutcome:
        return ItemOutcome(None if error is None else from_error(error, loaders.account))

    return {webhook_id: item_outcome(errors[webhook_id]) for webhook_id in webhook_ids}


def _parse_new(session: Session, webhook: CreateWebhookInput) -> NewWebhook:
    if sum(each is not None for each in (webhook.link, webhook.domain, webhook.tag)) != 1:
        raise InvalidInputError("input", "takes exactly one of link, domain and tag")
    loaders = find_account(session, "account", webhook.account)
    return NewWebhook(
        _parse_url(webhook.url) or webhook.url,
        webhook.event or "click",
        None if webhook.link is None else _handle_of_account(webhook.link, loaders),
        webhook.domain,
        webhook.tag,
        _parse_method(webhook.method),
        _parse_headers(webhook.headers),
        _parse_encoding(webhook.encoding),
        webhook.ignore_errors,
    )


def _parse_url(url: URL | None) -> URL | None:
    if url is not None and url.endswith(f"/{MASK}"):
        raise InvalidInputError("url", f"{MASK} is the mask that responses show; send the real address")
    return url


def _handle_of_account(link: str, loaders: AccountLoaders) -> str:
    account, handle = decode_id(link, "link", "Link").parts
    if account != loaders.key:
        raise InvalidInputError("link", f"is a link of another account; it must be one of {loaders.key}")
    return handle


def _parse_method(method: str | None) -> str | None:
    if method is not None and method.lower() not in _METHODS:
        raise InvalidInputError("method", f"must be one of {', '.join(_METHODS)}")
    return method


def _parse_encoding(encoding: str | None) -> str | None:
    if encoding is not None and encoding not in _ENCODINGS:
        raise InvalidInputError("encoding", f"must be one of {', '.join(_ENCODINGS)}")
    return encoding


def _parse_headers(headers: Sequence[HttpHeaderInput] | None) -> tuple[tuple[str, str], ...] | None:
    for index, header in enumerate(headers or ()):
        for part, text in (("name", header.name), ("value", header.value)):
            if _HEADER_BREAKS.intersection(text):
                raise InvalidInputError(f"headers.{index}.{part}", "must not have CR, LF or NUL in it")
        if not _HEADER_NAME.fullmatch(header.name):
            raise InvalidInputError(f"headers.{index}.name", "must be a header's name, such as X-Token")
        if header.value == MASK:
            raise InvalidInputError(
                f"headers.{index}.value", f"{MASK} is the mask that responses show; send the real value"
            )
    return None if headers is None else tuple((header.name, header.value) for header in headers)


def _payload(outcome: WriteOutcome[VendorWebhook]) -> WebhookPayload:
    webhook, loaders = outcome.value, outcome.loaders
    written = None if webhook is None or loaders is None else Webhook.of(loaders, webhook)
    return WebhookPayload(webhook=written, errors=outcome.errors())
