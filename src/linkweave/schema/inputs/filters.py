"""The arguments that narrow a question, and what they mean for each account."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import strawberry

from linkweave import models
from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.statistics.statistics import DateRange
from linkweave.models import LinkOrigin
from linkweave.schema.global_ids import decode_id


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
    def read(given: "DateRangeInput | None") -> DateRange:
        return DateRange() if given is None else DateRange(given.start, given.end)


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
    tags: TagFilterInput | None = strawberry.field(default=None, description="Conditions on the tags.")
    domains: list[str] | None = strawberry.field(default=None, description="Only links on these short domains.")
    created_after: datetime | None = strawberry.field(
        default=None, description="Only links created at this time or later."
    )
    created_before: datetime | None = strawberry.field(default=None, description="Only links created before this time.")
    external_id: str | None = strawberry.field(default=None, description="Only links with this external ID (PicSee).")
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


def account_keys(session: Session, field: str, ids: Sequence[str] | None) -> list[str] | None:
    """The keys that `ids` name: each is a key or a node id. None stays None.

    Raises:
        InvalidInputError: an id names no account; says which there are.
    """
    if ids is None:
        return None
    keys = [given if given in session.accounts else _key_of(session, field, given) for given in ids]
    return [loaders.key for loaders in session.choose(field, keys)]


def account_filter(
    session: Session,
    given: LinkFilterInput | None,
    within: Sequence[AccountLoaders] | None = None,
    prefix: str = "filter",
) -> list[tuple[AccountLoaders, models.LinkFilter]]:
    """What `given` asks of each account that it does not leave out.

    Raises:
        InvalidInputError: names the field of the filter.
    """
    wanted = given or LinkFilterInput()
    chosen = session.choose(f"{prefix}.accounts", account_keys(session, f"{prefix}.accounts", wanted.accounts))
    providers = _provider_ids(session, f"{prefix}.providers", wanted.providers)
    common = _common(wanted, prefix)
    teams = _owned(wanted.teams, f"{prefix}.teams", "Team")
    campaigns = _owned(wanted.campaigns, f"{prefix}.campaigns", "Campaign")
    return [
        (loaders, _for_account(common, loaders.key, teams, campaigns))
        for loaders in chosen
        if (within is None or loaders in within) and (providers is None or loaders.account.provider.id in providers)
    ]


def team_of(team: str | None, loaders: AccountLoaders, field: str = "team") -> str | None:
    """The vendor's own id of `team`, which must be one of this account's.

    Raises:
        InvalidInputError: it is no team's id, or another account's.
    """
    if team is None:
        return None
    account, team_id = decode_id(team, field, "Team").parts
    if account != loaders.key:
        raise InvalidInputError(field, f"is a team of another account; it must be one of {loaders.key}")
    return team_id


def _key_of(session: Session, field: str, given: str) -> str:
    try:
        return decode_id(given, field, "Account").parts[0]
    except InvalidInputError:
        known = ", ".join(session.accounts) or "none"
        raise InvalidInputError(
            field,
            f"{given[:80]!r} is not an account, by key or by id; the accounts are: {known}",
        ) from None


def _provider_ids(session: Session, field: str, given: Sequence[str] | None) -> Sequence[str] | None:
    unknown = [each for each in given or () if each not in session.providers]
    if unknown:
        known = ", ".join(session.providers)
        raise InvalidInputError(field, f"{unknown[0][:80]!r} is not a provider; the providers are: {known}")
    return given


def _common(wanted: LinkFilterInput, prefix: str) -> models.LinkFilter:
    tags = wanted.tags or TagFilterInput()
    if tags.any_of is not None and not tags.any_of:
        raise InvalidInputError(f"{prefix}.tags.any", "must name at least one tag; leave it out to restrict nothing")
    if wanted.search is not None and not wanted.search.strip():
        raise InvalidInputError(f"{prefix}.search", "must not be blank; leave it out to restrict nothing")
    return models.LinkFilter(
        search=None if wanted.search is None else wanted.search.strip(),
        tags_any=tuple(tags.any_of or ()),
        tags_all=tuple(tags.all_of or ()),
        tags_none=tuple(tags.none_of or ()),
        domains=None if wanted.domains is None else tuple(name.casefold() for name in wanted.domains),
        created_after=wanted.created_after,
        created_before=wanted.created_before,
        external_id=wanted.external_id,
        archived=wanted.archived,
        starred=wanted.starred,
        origin=wanted.origin or models.LinkOrigin.ANY,
    )


def _owned(ids: Sequence[str] | None, field: str, kind: str) -> list[tuple[str, ...]] | None:
    return None if ids is None else [decode_id(given, field, kind).parts for given in ids]


def _for_account(
    common: models.LinkFilter,
    key: str,
    teams: list[tuple[str, ...]] | None,
    campaigns: list[tuple[str, ...]] | None,
) -> models.LinkFilter:
    def own(ids: list[tuple[str, ...]] | None) -> tuple[str, ...] | None:
        return None if ids is None else tuple(vendor_id for account, vendor_id in ids if account == key)

    return replace(common, team_ids=own(teams), campaign_ids=own(campaigns))
