"""What mutations answer: the result, and everything that went wrong as data."""

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
from linkweave.schema.context import Info, note_problem, selected
from linkweave.schema.names import camel
from linkweave.schema.types.account import Account
from linkweave.schema.types.link import Link
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Tracker
from linkweave.schema.types.webhook import Webhook

INPUT: Final[Path] = ("input",)


@strawberry.type(description="Something that prevented a write, or a part of it.")
class UserError:
    failure: strawberry.Private[Failure]
    code: ErrorCode = strawberry.field(description="The kind of failure.")
    message: str = strawberry.field(description="What happened, for people.")
    path: list[str] | None = strawberry.field(description='The input field at fault, e.g. ["input", "slug"].')
    provider_code: str | None = strawberry.field(description="The provider's own code, where it gave one.")
    retry_after_seconds: float | None = strawberry.field(description="After so many seconds asking again makes sense.")

    @classmethod
    def of(cls, failure: Failure) -> "UserError":
        return cls(
            failure=failure,
            code=failure.code,
            message=failure.message,
            path=None if failure.path is None else [camel(part) for part in failure.path],
            provider_code=failure.provider_code,
            retry_after_seconds=failure.retry_after,
        )

    @strawberry.field(description="The account that was asked.")
    def account(self, info: Info) -> Account | None:
        account = self.failure.account
        return None if account is None else Account.of(info.context.session.accounts[account.key])

    @strawberry.field(description="The link that is in the way, where it can be told.")
    def existing(self, info: Info) -> Link | None:
        account, existing = self.failure.account, self.failure.existing
        if account is None or existing is None:
            return None
        return Link.of(info.context.session.accounts[account.key], existing)


@strawberry.type(description="A link that was made, found or restored.")
class LinkPayload:
    loaders: strawberry.Private[AccountLoaders | None]
    written: strawberry.Private[WrittenLink | None]
    created: bool = strawberry.field(description="True when a new link was made; false for one that was there already.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")

    @classmethod
    def of(cls, created: CreateResult, prefix: Path = INPUT) -> "LinkPayload":
        return cls(
            loaders=created.loaders,
            written=created.written,
            created=created.written is not None and created.written.created,
            errors=errors_of(created.failures, prefix),
        )

    @classmethod
    def refused(cls, failures: Sequence[Failure], prefix: Path = INPUT) -> "LinkPayload":
        return cls(loaders=None, written=None, created=False, errors=errors_of(failures, prefix))

    @strawberry.field(description="The link; null exactly when errors prevented it.")
    async def link(self, info: Info) -> Link | None:
        if self.loaders is None or self.written is None:
            return None
        return await written_link(info, self.loaders, self.written)


@strawberry.type(
    description="How far an update came: a provider that needs several calls may stop half-way. Every field given is "
    "in exactly one of `applied` and `failed`.",
)
class UpdateLinkPayload:
    updated: strawberry.Private[UpdateResult | None]
    applied: list[str] = strawberry.field(description="The input fields that were changed.")
    failed: list[str] = strawberry.field(description="The input fields that were not, or not for certain.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")

    @classmethod
    def of(cls, updated: UpdateResult, prefix: Path = INPUT) -> "UpdateLinkPayload":
        return cls(
            updated=updated,
            applied=sorted(camel(name) for name in updated.applied),
            failed=sorted(camel(name) for name in updated.failed),
            errors=errors_of(updated.failures, prefix),
        )

    @classmethod
    def refused(cls, failed: Sequence[str], failures: Sequence[Failure], prefix: Path = INPUT) -> "UpdateLinkPayload":
        return cls(updated=None, applied=[], failed=list(failed), errors=errors_of(failures, prefix))

    @strawberry.field(description="The link as it is afterwards; null where nothing was tried, or it cannot be read.")
    async def link(self, info: Info) -> Link | None:
        updated = self.updated
        if updated is None or not updated.attempted:
            return None
        if updated.written is not None:
            return await written_link(info, updated.loaders, updated.written)
        try:
            link = await updated.loaders.link(updated.handle, selected(info))
        except VendorError as error:
            note_problem(info, error)
            return None
        return None if link is None else Link.of(updated.loaders, link)


@strawberry.type(description="Whether something was deleted.")
class DeletePayload:
    id: strawberry.ID = strawberry.field(description="What was to be deleted.")
    deleted: bool = strawberry.field(description="True only when it happened.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")

    @classmethod
    def of(cls, node_id: strawberry.ID, done: ItemOutcome, prefix: Path = ()) -> "DeletePayload":
        return cls(id=node_id, deleted=done.failure is None, errors=_one(done, prefix))


@strawberry.type(description="Whether the clicks of a link were forgotten.")
class ResetStatsPayload:
    id: strawberry.ID = strawberry.field(description="The link.")
    reset: bool = strawberry.field(description="True only when it happened.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")

    @classmethod
    def of(cls, node_id: strawberry.ID, done: ItemOutcome, prefix: Path = ()) -> "ResetStatsPayload":
        return cls(id=node_id, reset=done.failure is None, errors=_one(done, prefix))


@strawberry.type(description="A tag that was made or renamed.")
class TagPayload:
    tag: Tag | None = strawberry.field(description="The tag; null exactly when errors prevented it.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")


@strawberry.type(description="A webhook that was made or changed.")
class WebhookPayload:
    webhook: Webhook | None = strawberry.field(description="The webhook; null exactly when errors prevented it.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")


@strawberry.type(description="The trackers that are on a link afterwards.")
class TrackerPayload:
    trackers: list[Tracker] = strawberry.field(description="The link's trackers; empty when errors prevented it.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")


@strawberry.type(description="Whether a report was taken.")
class ReportAbusePayload:
    reported: bool = strawberry.field(description="True only when the provider took it.")
    errors: list[UserError] = strawberry.field(description="What went wrong.")


@strawberry.type(description="The accounts of which nothing is cached any more.")
class RefreshPayload:
    accounts: list[Account] = strawberry.field(description="The accounts.")


async def written_link(info: Info, loaders: AccountLoaders, written: WrittenLink) -> Link:
    """The link as far as it is selected: read again only for fields that the write did not tell."""
    wanted = selected(info) & ALL_LINK_FIELDS
    if wanted <= written.known_fields:
        return Link.of(loaders, written.link)
    try:
        link = await loaders.link(written.link.handle, wanted)
    except VendorError as error:
        note_problem(info, error)
        link = None
    return Link.of(loaders, written.link if link is None else link)


def errors_of(failures: Sequence[Failure], prefix: Path = INPUT) -> list[UserError]:
    """`failures` with their paths under `prefix`."""
    return [UserError.of(failure.under(prefix)) for failure in failures]


def wrong_input(error: InvalidInputError) -> Failure:
    """A wrong argument as data; `error.field` is a path in dots from the input."""
    path = () if error.field == "input" else tuple(error.field.split("."))
    return Failure(ErrorCode.INVALID_INPUT, error.message, path)


def _one(done: ItemOutcome, prefix: Path) -> list[UserError]:
    return [] if done.failure is None else errors_of([done.failure], prefix)
