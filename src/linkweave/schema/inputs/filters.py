"""The filter arguments, and the filter of each account that they result in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

import strawberry

from linkweave import models
from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.statistics.date_range import DateRange
from linkweave.models import LinkOrigin
from linkweave.schema.global_ids import decode_id
from linkweave.schema.scalars import URL


@strawberry.input(
    name="DateRange",
    description=(
        "A range of days. It includes the first and the last day. Days are in the account's reporting time zone."
    ),
)
class DateRangeInput:
    start: date | None = strawberry.field(
        name="from",
        default=None,
        description="The first day. The default is 29 days before `to`.",
    )
    end: date | None = strawberry.field(name="to", default=None, description="The last day. The default is today.")

    @staticmethod
    def parse(value: "DateRangeInput | None") -> DateRange:
        return DateRange() if value is None else DateRange(value.start, value.end)


@strawberry.input(
    name="TagFilter", description="Conditions on the tags of a link. Upper and lower case make no difference."
)
class TagFilterInput:
    any_of: list[str] | None = strawberry.field(
        name="any", default=None, description="The link has at least one of these tags."
    )
    all_of: list[str] | None = strawberry.field(name="all", default=None, description="The link has all of these tags.")
    none_of: list[str] | None = strawberry.field(
        name="none", default=None, description="The link has none of these tags."
    )


@strawberry.input(
    name="LinkFilter",
    description=(
        "Selects links that meet all conditions given. A link does not match if its provider does not report the value."
    ),
)
class LinkFilterInput:
    accounts: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Only links of these accounts. Each is an account key or an account ID.",
    )
    providers: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description='Only links at these providers, for example "picsee".',
    )
    search: str | None = strawberry.field(
        default=None,
        description=(
            "Text to find in the slug, title, note or destination. A provider that can search uses its own rules."
        ),
    )
    destination: URL | None = strawberry.field(
        default=None,
        description=(
            "Only links to this URL. The case of scheme and host, the default port and the fragment make no "
            "difference. A provider that cannot search destinations is scanned. The catalog has an index of them."
        ),
    )
    tags: TagFilterInput | None = strawberry.field(default=None, description="Conditions on the tags.")
    domains: list[str] | None = strawberry.field(default=None, description="Only links on these short domains.")
    created_after: datetime | None = strawberry.field(
        default=None, description="Only links created at this time or later."
    )
    created_before: datetime | None = strawberry.field(default=None, description="Only links created before this time.")
    external_id: str | None = strawberry.field(default=None, description="Only links with this external ID.")
    author_id: str | None = strawberry.field(
        default=None,
        description="Only links of the author with this ID at the provider. `Account.user` has your own.",
    )
    teams: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only links of these teams. Each is a team ID."
    )
    campaigns: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Only links of these campaigns. Each is a campaign ID.",
    )
    archived: bool | None = strawberry.field(
        default=None,
        description="True selects only archived or hidden links. False selects only the others.",
    )
    starred: bool | None = strawberry.field(
        default=None, description="True selects only starred links. False selects only links that are not starred."
    )
    origin: LinkOrigin | None = strawberry.field(
        default=None, description="How the link was created. The default is `ANY`."
    )


LinksFilter = Annotated[
    LinkFilterInput | None, strawberry.argument(description="Selects the links. The default is all links.")
]
StatsRange = Annotated[
    DateRangeInput | None, strawberry.argument(description="The days to count. The default is the last 30 days.")
]


def account_keys(session: Session, field: str, ids: Sequence[str] | None) -> list[str] | None:
    """Returns the keys of the accounts in `ids`, which are keys or node IDs. None stays None.

    Raises:
        InvalidInputError: An account is unknown; the message names the known ones.
    """
    if ids is None:
        return None
    keys = [each if each in session.accounts else _decode_key(session, field, each) for each in ids]
    return [loaders.key for loaders in session.choose(field, keys)]


def check_providers(session: Session, field: str, ids: Sequence[str] | None) -> Sequence[str] | None:
    """Returns `ids`, which must be IDs of providers. None stays None.

    Raises:
        InvalidInputError: A provider is unknown; the message names the known ones.
    """
    unknown = [each for each in ids or () if each not in session.providers]
    if unknown:
        known = ", ".join(session.providers)
        raise InvalidInputError(field, f"{unknown[0][:80]!r} is not a provider; the providers are: {known}")
    return ids


def filters_by_account(
    session: Session,
    filter_input: LinkFilterInput | None,
    within: Sequence[AccountLoaders] | None = None,
    prefix: str = "filter",
) -> list[tuple[AccountLoaders, models.LinkFilter]]:
    """Returns the accounts that the filter selects, each with its own filter for links.

    Raises:
        InvalidInputError: A field of the filter is wrong.
    """
    conditions = filter_input or LinkFilterInput()
    keys = account_keys(session, f"{prefix}.accounts", conditions.accounts)
    providers = check_providers(session, f"{prefix}.providers", conditions.providers)
    common = _common_filter(conditions, prefix)
    teams = _decode_ids(conditions.teams, f"{prefix}.teams", "Team")
    campaigns = _decode_ids(conditions.campaigns, f"{prefix}.campaigns", "Campaign")
    return [
        (loaders, _account_filter(common, loaders.key, teams, campaigns))
        for loaders in session.choose(f"{prefix}.accounts", keys)
        if (within is None or loaders in within) and (providers is None or loaders.account.provider.id in providers)
    ]


def team_id_of(team: str | None, loaders: AccountLoaders, field: str = "team") -> str | None:
    """Returns the vendor's ID of a team of this account. None stays None.

    Raises:
        InvalidInputError: It is not the ID of a team, or the team belongs to another account.
    """
    if team is None:
        return None
    account, team_id = decode_id(team, field, "Team").parts
    if account != loaders.key:
        raise InvalidInputError(field, f"is a team of another account; it must be one of {loaders.key}")
    return team_id


def _decode_key(session: Session, field: str, account: str) -> str:
    try:
        return decode_id(account, field, "Account").parts[0]
    except InvalidInputError:
        known = ", ".join(session.accounts) or "none"
        raise InvalidInputError(
            field,
            f"{account[:80]!r} is not an account, by key or by id; the accounts are: {known}",
        ) from None


def _common_filter(conditions: LinkFilterInput, prefix: str) -> models.LinkFilter:
    """Returns the conditions that are the same for all accounts."""
    tags = conditions.tags or TagFilterInput()
    if tags.any_of is not None and not tags.any_of:
        raise InvalidInputError(f"{prefix}.tags.any", "must name at least one tag; leave it out to restrict nothing")
    if conditions.search is not None and not conditions.search.strip():
        raise InvalidInputError(f"{prefix}.search", "must not be blank; leave it out to restrict nothing")
    if conditions.destination is not None and not conditions.destination.strip():
        raise InvalidInputError(f"{prefix}.destination", "must not be blank; leave it out to restrict nothing")
    return models.LinkFilter(
        search=None if conditions.search is None else conditions.search.strip(),
        destination=None if conditions.destination is None else str(conditions.destination).strip(),
        tags_any=tuple(tags.any_of or ()),
        tags_all=tuple(tags.all_of or ()),
        tags_none=tuple(tags.none_of or ()),
        domains=None if conditions.domains is None else tuple(name.casefold() for name in conditions.domains),
        created_after=conditions.created_after,
        created_before=conditions.created_before,
        external_id=conditions.external_id,
        author_id=conditions.author_id,
        archived=conditions.archived,
        starred=conditions.starred,
        origin=conditions.origin or models.LinkOrigin.ANY,
    )


def _decode_ids(ids: Sequence[str] | None, field: str, kind: str) -> list[tuple[str, ...]] | None:
    return None if ids is None else [decode_id(each, field, kind).parts for each in ids]


def _account_filter(
    common: models.LinkFilter,
    key: str,
    teams: list[tuple[str, ...]] | None,
    campaigns: list[tuple[str, ...]] | None,
) -> models.LinkFilter:
    if teams is None and campaigns is None:
        return common

    def own(ids: list[tuple[str, ...]] | None) -> tuple[str, ...] | None:
        return None if ids is None else tuple(vendor_id for account, vendor_id in ids if account == key)

    return replace(common, team_ids=own(teams), campaign_ids=own(campaigns))
