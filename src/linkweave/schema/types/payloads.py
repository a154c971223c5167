"""The payloads of mutations: the result, and the errors as data."""

from collections.abc import Sequence
from typing import Final

import strawberry

from linkweave.errors import ErrorCode, InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.create_links import CreateResult
from linkweave.gather.writing.delete_links import ItemOutcome
from linkweave.gather.writing.failures import Failure, Path
from linkweave.gather.writing.update_links import UpdateResult
from linkweave.models.changes import ALL_LINK_FIELDS, WrittenLink
from linkweave.schema.context import Info, add_error, selected_fields
from linkweave.schema.names import to_camel_case
from linkweave.schema.types.account import Account
from linkweave.schema.types.link import Link
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Tracker
from linkweave.schema.types.webhook import Webhook

INPUT: Final[Path] = ("input",)


@strawberry.type(description="An error that prevented a change, or a part of it.")
class UserError:
    failure: strawberry.Private[Failure]
    code: ErrorCode = strawberry.field(description="The kind of error.")
    message: str = strawberry.field(description="A message for people.")
    path: list[str] | None = strawberry.field(
        description='The path of the input field that caused the error, for example ["input", "slug"].'
    )
    provider_code: str | None = strawberry.field(description="The provider's own error code. Null if it sent none.")
    retry_after_seconds: float | None = strawberry.field(
        description="The number of seconds to wait before you try again. Null if it is not known."
    )

    @classmethod
    def of(cls, failure: Failure) -> "UserError":
        return cls(
            failure=failure,
            code=failure.code,
            message=failure.message,
            path=None if failure.path is None else [to_camel_case(part) for part in failure.path],
            provider_code=failure.provider_code,
            retry_after_seconds=failure.retry_after,
        )

    @strawberry.field(description="The account that was called.")
    def account(self, info: Info) -> Account | None:
        account = self.failure.account
        return None if account is None else Account.of(info.context.session.accounts[account.key])

    @strawberry.field(description="The existing link that is in conflict. Null if it is not known.")
    def existing(self, info: Info) -> Link | None:
        account, existing = self.failure.account, self.failure.existing
        if account is None or existing is None:
            return None
        return Link.of(info.context.session.accounts[account.key], existing)


@strawberry.type(description="The result of creating or restoring a link.")
class LinkPayload:
    loaders: strawberry.Private[AccountLoaders | None]
    written: strawberry.Private[WrittenLink | None]
    created: bool = strawberry.field(description="True if the link is new. False if it existed before.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")

    @classmethod
    def of(cls, created: CreateResult, prefix: Path = INPUT) -> "LinkPayload":
        return cls(
            loaders=created.loaders,
            written=created.written,
            created=created.written is not None and created.written.created,
            errors=user_errors(created.failures, prefix),
        )

    @classmethod
    def rejected(cls, failures: Sequence[Failure], prefix: Path = INPUT) -> "LinkPayload":
        return cls(loaders=None, written=None, created=False, errors=user_errors(failures, prefix))

    @strawberry.field(description="The link. Null if the operation failed.")
    async def link(self, info: Info) -> Link | None:
        return await read_written_link(info, self.loaders, self.written)


@strawberry.type(
    description=(
        "The result of an update. Some providers need several calls, so a part of an update can fail. "
        "Every input field is either in `applied` or in `failed`."
    ),
)
class UpdateLinkPayload:
    updated: strawberry.Private[UpdateResult | None]
    applied: list[str] = strawberry.field(description="The input fields that were applied.")
    failed: list[str] = strawberry.field(
        description="The input fields that were not applied, or may not have been applied."
    )
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")

    @classmethod
    def of(cls, updated: UpdateResult, prefix: Path = INPUT) -> "UpdateLinkPayload":
        return cls(
            updated=updated,
            applied=sorted(to_camel_case(name) for name in updated.applied),
            failed=sorted(to_camel_case(name) for name in updated.failed),
            errors=user_errors(updated.failures, prefix),
        )

    @classmethod
    def rejected(cls, failed: Sequence[str], failures: Sequence[Failure], prefix: Path = INPUT) -> "UpdateLinkPayload":
        return cls(updated=None, applied=[], failed=list(failed), errors=user_errors(failures, prefix))

    @strawberry.field(
        description="The link after the update. Null if no change was sent, or if the link cannot be read."
    )
    async def link(self, info: Info) -> Link | None:
        updated = self.updated
        if updated is None or not updated.attempted:
            return None
        if updated.written is not None:
            return await read_written_link(info, updated.loaders, updated.written)
        try:
            link = await updated.loaders.link(updated.handle, selected_fields(info))
        except VendorError as error:
            add_error(info, error)
            return None
        return None if link is None else Link.of(updated.loaders, link)


@strawberry.type(description="The result of a deletion.")
class DeletePayload:
    id: strawberry.ID = strawberry.field(description="The ID of the object to delete.")
    deleted: bool = strawberry.field(description="Whether the object was deleted.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")

    @classmethod
    def of(cls, node_id: strawberry.ID, outcome: ItemOutcome, prefix: Path = ()) -> "DeletePayload":
        return cls(id=node_id, deleted=outcome.failure is None, errors=_errors_of_item(outcome, prefix))


@strawberry.type(description="The result of resetting the statistics of a link.")
class ResetStatsPayload:
    id: strawberry.ID = strawberry.field(description="The ID of the link.")
    reset: bool = strawberry.field(description="Whether the statistics were reset.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")

    @classmethod
    def of(cls, node_id: strawberry.ID, outcome: ItemOutcome, prefix: Path = ()) -> "ResetStatsPayload":
        return cls(id=node_id, reset=outcome.failure is None, errors=_errors_of_item(outcome, prefix))


@strawberry.type(description="The result of a change to all links that have some tags.")
class TaggedLinksPayload:
    done: bool = strawberry.field(description="Whether the provider made the change.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of creating or renaming a tag.")
class TagPayload:
    tag: Tag | None = strawberry.field(description="The tag. Null if the operation failed.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of creating or updating a webhook.")
class WebhookPayload:
    webhook: Webhook | None = strawberry.field(description="The webhook. Null if the operation failed.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of adding trackers to a link.")
class TrackerPayload:
    trackers: list[Tracker] = strawberry.field(
        description="The trackers of the link after the change. Empty if the operation failed."
    )
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of an abuse report.")
class ReportAbusePayload:
    reported: bool = strawberry.field(description="Whether the provider accepted the report.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The result of clearing the cache.")
class RefreshPayload:
    accounts: list[Account] = strawberry.field(description="The accounts whose cache was cleared.")


async def read_written_link(info: Info, loaders: AccountLoaders | None, written: WrittenLink | None) -> Link | None:
    """Returns a link after a change. It is read again only for selected fields that the change did not return."""
    if loaders is None or written is None:
        return None
    fields = selected_fields(info) & ALL_LINK_FIELDS
    if fields <= written.known_fields:
        return Link.of(loaders, written.link)
    try:
        link = await loaders.link(written.link.handle, fields)
    except VendorError as error:
        add_error(info, error)
        link = None
    return Link.of(loaders, written.link if link is None else link)


def user_errors(failures: Sequence[Failure], prefix: Path = INPUT) -> list[UserError]:
    """Returns `failures` as errors, with their paths under `prefix`."""
    return [UserError.of(failure.under(prefix)) for failure in failures]


def input_failure(error: InvalidInputError) -> Failure:
    """Returns a wrong argument as a failure. `error.field` is the path below the input, with dots."""
    path = () if error.field == "input" else tuple(error.field.split("."))
    return Failure(ErrorCode.INVALID_INPUT, error.message, path)


def _errors_of_item(outcome: ItemOutcome, prefix: Path) -> list[UserError]:
    return [] if outcome.failure is None else user_errors([outcome.failure], prefix)
