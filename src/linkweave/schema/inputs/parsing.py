"""From inputs as GraphQL takes them to orders as the gateway gives them."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final, TypeVar

import strawberry

from linkweave import models
from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.writing.create_links import CreateCommand, IfExists
from linkweave.gather.writing.update_links import UpdateCommand
from linkweave.models.changes import UNSET, LinkPatch, NewLink, Preview
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.filters import account_keys
from linkweave.schema.inputs.links import (
    CreateLinkInput,
    DeviceTargetInput,
    ExpiryInput,
    PreviewInput,
    UpdateLinkInput,
    UtmInput,
    VariantInput,
)

MAX_BATCH: Final = 1_000

T = TypeVar("T")

# Fields that may be changed but not emptied: null makes no sense for them at any provider.
_NEVER_NULL = frozenset(
    {"destination", "slug", "add_tags", "remove_tags", "archived", "starred", "protected", "email_reports"},
)


def read_create(session: Session, given: CreateLinkInput) -> CreateCommand:
    """The order in `given`.

    Raises:
        InvalidInputError: names the field, as a path from the input.
    """
    accounts = accounts_in_order(session, "accounts", given.accounts)
    new = NewLink(
        destination=given.destination,
        slug=filled(given.slug, "slug"),
        domain=filled(given.domain, "domain"),
        title=given.title,
        note=given.note,
        tags=None if given.tags is None else tuple(given.tags),
        external_id=given.external_id,
        utm=_utm(given.utm),
        expiry=_expiry(given.expiry),
        device_targets=_targets(given.device_targets),
        variants=_variants(given.variants),
        password=given.password,
        team=_owned(given.team, "team", "Team", accounts),
        campaign=_owned(given.campaign, "campaign", "Campaign", accounts),
        fetch_title=False if given.fetch_title is False else None,
        public_stats=given.public_stats,
        sms_header=filled(given.sms_header, "smsHeader"),
        email_reports=given.email_reports,
        unique_window_minutes=given.unique_window_minutes,
        preview=_preview(given.preview),
        pixel=given.pixel,
        tag_manager=given.tag_manager,
    )
    return CreateCommand(accounts, new, given.if_exists or IfExists.CREATE)


def read_key(given: CreateLinkInput) -> str | None:
    """The caller's key for the order, as it is written.

    Raises:
        InvalidInputError: it is blank, as a key that was never filled in would be for every order.
    """
    if given.idempotency_key is not None and not given.idempotency_key.strip():
        raise InvalidInputError("idempotencyKey", "must not be blank; leave it out to do without")
    return given.idempotency_key


def read_update(session: Session, given: UpdateLinkInput) -> UpdateCommand:
    """The order in `given`.

    Raises:
        InvalidInputError: names the field, as a path from the input.
    """
    loaders, (handle,) = owner_of(session, "id", given.id, "Link")
    changes = {field.name: _change(field.name, getattr(given, field.name)) for field in fields(LinkPatch)}
    patch = LinkPatch(**changes)
    if not patch.given():
        raise InvalidInputError("input", "changes nothing; name at least one field besides id")
    return UpdateCommand(loaders, handle, patch)


def accounts_in_order(session: Session, field: str, ids: Sequence[str]) -> tuple[AccountLoaders, ...]:
    """The accounts that `ids` name, in their order, each once.

    Raises:
        InvalidInputError: there are none, or one is unknown.
    """
    keys = [key for given in ids for key in account_keys(session, field, [given]) or ()]
    if not keys:
        raise InvalidInputError(field, "must name at least one account, by key or by id")
    return tuple(session.accounts[key] for key in dict.fromkeys(keys))


def account_of(session: Session, field: str, given: str) -> AccountLoaders:
    """The one account that `given` names.

    Raises:
        InvalidInputError: it is unknown.
    """
    return accounts_in_order(session, field, [given])[0]


def owner_of(session: Session, field: str, given: str, kind: str) -> tuple[AccountLoaders, tuple[str, ...]]:
    """The account that has the node named by `given`, and the rest of what the id says.

    Raises:
        InvalidInputError: it is no id of a `kind`, or its account is not here.
    """
    account, *rest = decode_id(given, field, kind).parts
    if account not in session.accounts:
        raise InvalidInputError(field, f"is a {kind.lower()} of an account that is not here")
    return session.accounts[account], tuple(rest)


def check_size(items: Sequence[T], field: str) -> None:
    """Let at most `MAX_BATCH` items through.

    Raises:
        InvalidInputError: there are more.
    """
    if len(items) > MAX_BATCH:
        raise InvalidInputError(field, f"{len(items)} are too many; at most {MAX_BATCH} are allowed")


def _change(name: str, value: Any) -> Any:
    if value is strawberry.UNSET:
        return UNSET
    if value is None:
        if name in _NEVER_NULL:
            raise InvalidInputError(name, "cannot be null; leave it out to keep it as it is")
        return None
    if name == "slug":
        return filled(value, "slug")
    readers: dict[str, Callable[[Any], Any]] = {
        "utm": _utm,
        "expiry": _expiry,
        "device_targets": _targets,
        "variants": _variants,
        "preview": _preview,
        "add_tags": tuple,
        "remove_tags": tuple,
    }
    return readers[name](value) if name in readers else value


def filled(value: str | None, field: str) -> str | None:
    """`value` without the space around it.

    Raises:
        InvalidInputError: nothing else is there.
    """
    if value is not None and not value.strip():
        raise InvalidInputError(field, "must not be blank; leave it out to let the provider choose")
    return None if value is None else value.strip()


def _owned(given: str | None, field: str, kind: str, accounts: Sequence[AccountLoaders]) -> str | None:
    if given is None:
        return None
    account, vendor_id = decode_id(given, field, kind).parts
    others = [loaders.key for loaders in accounts if loaders.key != account]
    if others:
        raise InvalidInputError(field, f"is not one of {others[0]}; accounts may only name the account that has it")
    return vendor_id


def _utm(given: UtmInput | None) -> models.Utm | None:
    if given is None:
        return None
    return models.Utm(given.source, given.medium, given.campaign, given.term, given.content)


def _expiry(given: ExpiryInput | None) -> models.Expiry | None:
    if given is None:
        return None
    return models.Expiry(
        given.at,
        given.after_clicks,
        given.count_unique_only,
        given.redirect_to,
        given.redirect_to_after_clicks,
    )


def _targets(given: Sequence[DeviceTargetInput] | None) -> tuple[models.DeviceTarget, ...] | None:
    return None if given is None else tuple(models.DeviceTarget(each.platform, each.destination) for each in given)


def _variants(given: Sequence[VariantInput] | None) -> tuple[models.Variant, ...] | None:
    return None if given is None else tuple(models.Variant(each.destination, each.percentage) for each in given)


def _preview(given: PreviewInput | None) -> Preview | None:
    return None if given is None else Preview(given.title, given.description, given.image_url)
