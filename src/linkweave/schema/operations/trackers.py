"""Mutations of trackers, abuse reports and the cache."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import strawberry

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.models import Capability, TrackerScope
from linkweave.models.changes import AbuseReport, NewTrackers
from linkweave.providers.write_capabilities import CanReportAbuse, CanWriteTrackers
from linkweave.schema.context import Info
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.filters import account_keys
from linkweave.schema.inputs.parsing import find_owner
from linkweave.schema.operations.account_write import write, write_at
from linkweave.schema.scalars import URL
from linkweave.schema.types.account import Account
from linkweave.schema.types.payloads import (
    DeletePayload,
    RefreshPayload,
    ReportAbusePayload,
    TrackerPayload,
    input_failure,
    user_errors,
)
from linkweave.schema.types.teams import Tracker


@strawberry.input(
    description=(
        "The trackers to add to a link. Give `teamTrackers`, or `allTeamTrackers`, or both `tracker` and `code`."
    )
)
class AddTrackerInput:
    link: strawberry.ID = strawberry.field(description="The ID of the link.")
    team_trackers: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The IDs of trackers of the link's team."
    )
    all_team_trackers: bool | None = strawberry.field(
        default=None, description="Whether to add all trackers of the link's team."
    )
    tracker: strawberry.ID | None = strawberry.field(
        default=None, description="The ID of a tracker of the provider's catalogue."
    )
    code: str | None = strawberry.field(default=None, description="The code that the tracker's service issued.")


@strawberry.input(description="A report of an abusive short link.")
class ReportAbuseInput:
    account: strawberry.ID = strawberry.field(description="The key or the ID of the account that reports.")
    short_url: URL = strawberry.field(description="The abusive short link.")
    attack_type: str | None = strawberry.field(default=None, description="The kind of attack.")
    description: str | None = strawberry.field(default=None, description="Notes for the provider.")
    reported_on: date | None = strawberry.field(name="date", default=None, description="The day of the report.")
    target_brand: str | None = strawberry.field(default=None, description="The brand that the attacker imitates.")
    screenshot_url: URL | None = strawberry.field(default=None, description="The URL of a screenshot.")


@strawberry.type(description="Mutations of trackers, abuse reports and the cache.")
class TrackerMutations:
    @strawberry.mutation(description="Adds trackers to a link (ShortenWorld).")
    async def add_tracker(
        self,
        info: Info,
        input: Annotated[AddTrackerInput, strawberry.argument(description="The link and the trackers.")],  # noqa: A002 - the contract's name
    ) -> TrackerPayload:
        try:
            loaders, new = _parse_new(info.context.session, input)
        except InvalidInputError as error:
            return TrackerPayload(trackers=[], errors=user_errors([input_failure(error)]))
        needed = (CanWriteTrackers, Capability.WRITE_TRACKERS)
        outcome = await write_at(loaders, needed, lambda adapter: adapter.add_trackers(new))
        trackers = [Tracker.of(loaders, new.link_handle, each) for each in outcome.value or ()]
        return TrackerPayload(trackers=trackers, errors=outcome.errors())

    @strawberry.mutation(description="Removes a tracker from its link (ShortenWorld).")
    async def remove_tracker(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The ID of a tracker of a link.")],  # noqa: A002 - the contract's name
    ) -> DeletePayload:
        try:
            loaders, tracker_id = _parse_link_tracker(info.context.session, id)
        except InvalidInputError as error:
            return DeletePayload(id=id, deleted=False, errors=user_errors([input_failure(error)], ()))
        needed = (CanWriteTrackers, Capability.WRITE_TRACKERS)
        outcome = await write_at(loaders, needed, lambda adapter: adapter.remove_tracker(tracker_id))
        return DeletePayload(id=id, deleted=outcome.failure is None, errors=outcome.errors(()))

    @strawberry.mutation(
        description=(
            "Reports a short link as abusive. PicSee offers this to its security partners; it is off by default."
        )
    )
    async def report_abuse(
        self,
        info: Info,
        input: Annotated[ReportAbuseInput, strawberry.argument(description="The report.")],  # noqa: A002 - the contract's name
    ) -> ReportAbusePayload:
        report = AbuseReport(
            input.short_url,
            input.attack_type,
            input.description,
            input.reported_on,
            input.target_brand,
            input.screenshot_url,
        )
        needed = (CanReportAbuse, Capability.REPORT_ABUSE)
        outcome = await write(info.context.session, input.account, needed, lambda adapter: adapter.report_abuse(report))
        return ReportAbusePayload(reported=outcome.failure is None, errors=outcome.errors())

    @strawberry.mutation(
        description=(
            "Clears the cache of these accounts for all callers and all workers. The next read calls the providers."
        ),
    )
    async def refresh(
        self,
        info: Info,
        accounts: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description="The keys or the IDs of the accounts. The default is all accounts."),
        ] = None,
    ) -> RefreshPayload:
        session = info.context.session
        selected = session.choose("accounts", account_keys(session, "accounts", accounts))
        await asyncio.gather(*(loaders.refresh() for loaders in selected))
        return RefreshPayload(accounts=[Account.of(loaders) for loaders in selected])


def _parse_link_tracker(session: Session, tracker: str) -> tuple[AccountLoaders, str]:
    loaders, (scope, _, tracker_id) = find_owner(session, "id", tracker, "Tracker")
    if scope != TrackerScope.LINK.value:
        raise InvalidInputError("id", "is not a tracker of a link; only those can be removed")
    return loaders, tracker_id


def _parse_new(session: Session, trackers: AddTrackerInput) -> tuple[AccountLoaders, NewTrackers]:
    """Returns the account of the link, and the trackers with the vendor's own IDs."""
    loaders, (handle,) = find_owner(session, "link", trackers.link, "Link")
    _check_exactly_one(trackers)
    team_trackers = _vendor_ids(loaders.key, "teamTrackers", trackers.team_trackers, TrackerScope.TEAM)
    catalog = None if trackers.tracker is None else [trackers.tracker]
    catalog_ids = _vendor_ids(loaders.key, "tracker", catalog, TrackerScope.CATALOG)
    return loaders, NewTrackers(
        handle,
        team_trackers,
        bool(trackers.all_team_trackers),
        None if catalog_ids is None else catalog_ids[0],
        trackers.code,
    )


def _check_exactly_one(trackers: AddTrackerInput) -> None:
    by_code = trackers.tracker is not None or trackers.code is not None
    kinds = sum((trackers.team_trackers is not None, bool(trackers.all_team_trackers), by_code))
    if kinds != 1 or (by_code and (trackers.tracker is None or trackers.code is None)):
        raise InvalidInputError("input", "takes exactly one of teamTrackers, allTeamTrackers, and tracker with code")


def _vendor_ids(account: str, field: str, ids: Sequence[str] | None, scope: TrackerScope) -> tuple[str, ...] | None:
    if ids is None:
        return None
    vendor_ids = []
    for each in ids:
        owner, own_scope, _, tracker_id = decode_id(each, field, "Tracker").parts
        if owner != account or own_scope != scope.value:
            raise InvalidInputError(field, f"must be a tracker of the scope {scope.value} of the link's own account")
        vendor_ids.append(tracker_id)
    return tuple(vendor_ids)
