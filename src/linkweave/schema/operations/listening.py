"""Mutations that make a vendor tell the gateway what happens, and that end it."""

from typing import Annotated, Final

import strawberry
from pydantic import TypeAdapter, ValidationError

from linkweave.errors import InvalidInputError, LinkweaveError, WebhooksOffError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.session import Session
from linkweave.gather.webhooks.addresses import WebhookAddresses
from linkweave.gather.webhooks.listening import Listening, start_listening, stop_listening
from linkweave.gather.writing.failures import from_error
from linkweave.models import Capability
from linkweave.providers.webhook_capabilities import CanPlaceWebhooks, CanReceiveWebhooks
from linkweave.schema.context import Info
from linkweave.schema.inputs.parsing import find_account
from linkweave.schema.operations.failures import failure_of
from linkweave.schema.scalars import URL
from linkweave.schema.types.payloads import UserError, user_errors
from linkweave.settings.values import BaseUrl

_ADDRESS: Final = TypeAdapter[str](BaseUrl)
_NO_API: Final = "The provider has no API for it. Enter the address there: {place}."
_NO_API_TO_END: Final = "The provider has no API for it. Take the address away there: {place}."
_UNDONE: Final = "Not everywhere: see `errors`. Or enter the address at the provider: {place}."

AccountId = Annotated[strawberry.ID, strawberry.argument(description="The key or the ID of the account.")]
PublicUrl = Annotated[
    URL | None,
    strawberry.argument(
        description="The address by which the provider reaches the gateway. The default is `server.public_url`."
    ),
]


@strawberry.type(description="The result of `listen`.")
class ListenPayload:
    url: str | None = strawberry.field(
        description=(
            "The address for the provider's webhooks. It has a token in it: whoever has it can make the gateway look "
            "up links. Null if the operation failed."
        )
    )
    placed: bool = strawberry.field(description="Whether the provider has the webhook now, for all links.")
    instructions: str | None = strawberry.field(
        description="What a person must do, where the gateway cannot do it. Null if nothing."
    )
    signing_secret: str | None = strawberry.field(
        description=(
            "What the provider will sign with. It is told only now: store it as `webhook_secret` of the account. Null "
            "if the provider does not sign, or if there was a webhook already."
        )
    )
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of `unlisten`.")
class UnlistenPayload:
    removed: int = strawberry.field(description="The number of webhooks that were taken away at the provider.")
    instructions: str | None = strawberry.field(
        description="What a person must do, where the gateway cannot do it. Null if nothing."
    )
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="Mutations that start and end the webhooks of providers.")
class ListeningMutations:
    @strawberry.mutation(
        description=(
            "Makes the provider tell the gateway by webhooks what happens to the links of an account: `linkChanges` "
            "and `clicks` then have it at once. Where the provider has no API for that, this returns the address to "
            "enter there. Again, it changes nothing; with another token, it replaces the webhooks."
        )
    )
    async def listen(self, info: Info, account: AccountId, public_url: PublicUrl = None) -> ListenPayload:
        session = info.context.session
        try:
            loaders, addresses = _find(session, account)
            base = _checked(public_url)
            url, folder = addresses.of(loaders.key, base), addresses.folder(loaders.key, base)
            receiver = _receiver(loaders)
            if not isinstance(receiver, CanPlaceWebhooks):
                steps = _NO_API.format(place=receiver.webhook_place)
                return ListenPayload(url=url, placed=False, instructions=steps, signing_secret=None, errors=[])
            listening = await start_listening(receiver, url, folder)
        except LinkweaveError as error:
            errors = user_errors([failure_of(session, error)], ())
            return ListenPayload(url=None, placed=False, instructions=None, signing_secret=None, errors=errors)
        errors = _vendor_errors(loaders, listening)
        undone = _UNDONE.format(place=receiver.webhook_place) if errors else None
        return ListenPayload(
            url=url, placed=not errors, instructions=undone, signing_secret=listening.secret, errors=errors
        )

    @strawberry.mutation(
        description=(
            "Takes away the webhooks that `listen` has made at the provider, also those with an earlier token. "
            "Webhooks of others stay."
        )
    )
    async def unlisten(self, info: Info, account: AccountId, public_url: PublicUrl = None) -> UnlistenPayload:
        session = info.context.session
        try:
            loaders, addresses = _find(session, account)
            folder, receiver = addresses.folder(loaders.key, _checked(public_url)), _receiver(loaders)
            if not isinstance(receiver, CanPlaceWebhooks):
                steps = _NO_API_TO_END.format(place=receiver.webhook_place)
                return UnlistenPayload(removed=0, instructions=steps, errors=[])
            listening = await stop_listening(receiver, folder)
        except LinkweaveError as error:
            return UnlistenPayload(removed=0, instructions=None, errors=user_errors([failure_of(session, error)], ()))
        errors = _vendor_errors(loaders, listening)
        return UnlistenPayload(removed=listening.changed, instructions=None, errors=errors)


def _find(session: Session, account: str) -> tuple[AccountLoaders, WebhookAddresses]:
    addresses = session.records.webhooks
    if addresses is None:
        raise WebhooksOffError
    return find_account(session, "account", account), addresses


def _receiver(loaders: AccountLoaders) -> CanReceiveWebhooks:
    adapter = loaders.account.adapter
    if not isinstance(adapter, CanReceiveWebhooks):
        raise unsupported_capability(loaders.account, Capability.RECEIVE_WEBHOOKS)
    return adapter


def _checked(public_url: str | None) -> str | None:
    try:
        return None if public_url is None else _ADDRESS.validate_python(public_url)
    except ValidationError as error:
        raise InvalidInputError("public_url", error.errors(include_url=False)[0]["msg"]) from None


def _vendor_errors(loaders: AccountLoaders, listening: Listening) -> list[UserError]:
    return user_errors([from_error(error, loaders.account) for error in listening.failures], ())
