"""Mutations of all links of an account that have some tags."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import strawberry

from linkweave.catalog.interfaces import Recorder
from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.known.counted_days import zone_of
from linkweave.gather.session import Session
from linkweave.gather.writing.failures import Failure, from_error, from_input_problems, unsupported_fields
from linkweave.models import LinkFilter
from linkweave.providers.write_capabilities import CanWriteTaggedLinks
from linkweave.schema.context import Info
from linkweave.schema.inputs.filters import TagFilterInput
from linkweave.schema.inputs.links import UpdateLinksByTagInput
from linkweave.schema.inputs.parsing import find_account, parse_tagged_patch
from linkweave.schema.types.payloads import INPUT, TaggedLinksPayload, input_failure, user_errors

AccountId = Annotated[strawberry.ID, strawberry.argument(description="The key or the ID of the account.")]
Tags = Annotated[TagFilterInput, strawberry.argument(description="The tags of the links. Give `any` or `all`.")]


@strawberry.type(description="Mutations of all links of an account that have some tags.")
class TaggedLinkMutations:
    @strawberry.mutation(
        description=(
            "Updates all links of an account that have some tags, in one call (tiny.cc). The provider does not "
            "return the links."
        )
    )
    async def update_links_by_tag(
        self,
        info: Info,
        input: Annotated[UpdateLinksByTagInput, strawberry.argument(description="The tags and the changes.")],  # noqa: A002 - as updateLink's
    ) -> TaggedLinksPayload:
        session = info.context.session
        try:
            patch = parse_tagged_patch(input)
            loaders, adapter, tags = _target(session, input.account, input.tags)
        except InvalidInputError as error:
            return _payload([input_failure(error)])
        except VendorError as error:
            return _payload([from_error(error, find_account(session, "account", input.account).account)])
        account = loaders.account
        failures = (
            *unsupported_fields(patch.given(), account, adapter.tagged_updatable),
            *from_input_problems(adapter.check_tagged_patch(patch), account),
        )
        if failures:
            return _payload(failures)
        return _payload(
            await _write(
                loaders,
                lambda: adapter.update_tagged_links(tags, patch),
                lambda recorder: recorder.updated_tagged(loaders.key, tags, patch),
            )
        )

    @strawberry.mutation(
        description=(
            "Deletes all links of an account that have some tags, in one call (tiny.cc). Protected links stay, and "
            "the provider does not tell which."
        )
    )
    async def delete_links_by_tag(self, info: Info, account: AccountId, tags: Tags) -> TaggedLinksPayload:
        return await _write_all(
            info.context.session,
            account,
            tags,
            lambda adapter, chosen: adapter.delete_tagged_links(chosen),
            lambda recorder, loaders, chosen: recorder.deleted_tagged(loaders.key, chosen),
        )

    @strawberry.mutation(
        description=(
            "Sets the click statistics of all links of an account that have some tags back to zero, in one call "
            "(tiny.cc)."
        )
    )
    async def reset_stats_by_tag(self, info: Info, account: AccountId, tags: Tags) -> TaggedLinksPayload:
        return await _write_all(
            info.context.session,
            account,
            tags,
            lambda adapter, chosen: adapter.reset_tagged_stats(chosen),
            lambda recorder, loaders, chosen: recorder.reset_tagged(loaders.key, chosen, zone_of(loaders.account)),
        )


async def _write_all(
    session: Session,
    account: str,
    tags: TagFilterInput,
    change: Callable[[CanWriteTaggedLinks, LinkFilter], Awaitable[None]],
    record: Callable[[Recorder, AccountLoaders, LinkFilter], Awaitable[None]],
) -> TaggedLinksPayload:
    try:
        loaders, adapter, chosen = _target(session, account, tags)
    except InvalidInputError as error:
        return _payload([input_failure(error)], ())
    except VendorError as error:
        return _payload([from_error(error, find_account(session, "account", account).account)], ())
    failures = await _write(
        loaders, lambda: change(adapter, chosen), lambda recorder: record(recorder, loaders, chosen)
    )
    return _payload(failures, ())


def _target(
    session: Session, account: str, tags: TagFilterInput
) -> tuple[AccountLoaders, CanWriteTaggedLinks, LinkFilter]:
    """Returns the account, its adapter, and the choice of tags.

    Raises:
        InvalidInputError: the account is unknown, or the tags choose no link for certain.
        UnsupportedError: the provider has no such call.
    """
    loaders = find_account(session, "account", account)
    adapter = loaders.account.adapter
    if not isinstance(adapter, CanWriteTaggedLinks):
        raise adapter.unsupported("write to links by tags", "has no call for all links of a tag")
    if not (tags.any_of or tags.all_of):
        raise InvalidInputError("tags", "must name at least one tag in any or all: else it would mean all links")
    chosen = LinkFilter(
        tags_any=tuple(tags.any_of or ()), tags_all=tuple(tags.all_of or ()), tags_none=tuple(tags.none_of or ())
    )
    return loaders, adapter, chosen


async def _write(
    loaders: AccountLoaders,
    change: Callable[[], Awaitable[None]],
    record: Callable[[Recorder], Awaitable[None]],
) -> list[Failure]:
    """Makes the change, and records it where it succeeds. Returns why it did not."""
    try:
        await change()
    except VendorError as error:
        return [from_error(error, loaders.account)]
    finally:
        loaders.invalidate()
    if loaders.recorder is not None:
        await record(loaders.recorder)
    return []


def _payload(failures: Sequence[Failure], prefix: tuple[str, ...] = INPUT) -> TaggedLinksPayload:
    return TaggedLinksPayload(done=not failures, errors=user_errors(failures, prefix))
