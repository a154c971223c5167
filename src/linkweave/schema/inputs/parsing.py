"""Parses GraphQL inputs into commands of the gateway."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final, TypeVar

import strawberry

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.writing.create_links import CreateCommand, IfExists
from linkweave.gather.writing.update_links import UpdateCommand
from linkweave.models.changes import UNSET, LinkPatch, NewLink
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.filters import account_keys
from linkweave.schema.inputs.links import (
    CreateLinkInput,
    UpdateLinkInput,
    UpdateLinksByTagInput,
)
from linkweave.schema.inputs.parts_of_links import (
    parse_device_targets,
    parse_expiry,
    parse_preview,
    parse_utm,
    parse_variants,
)

MAX_BATCH_SIZE: Final = 1_000

T = TypeVar("T")

# Fields that an update can change but not clear. No provider has a meaning for null here.
_NOT_NULLABLE = frozenset(
    {"destination", "slug", "add_tags", "remove_tags", "archived", "starred", "protected", "email_reports"},
)


def parse_create(session: Session, link: CreateLinkInput) -> CreateCommand:
    """Returns the command in `link`.

    Raises:
        InvalidInputError: A field is wrong; the error has its path below the input.
    """
    accounts = accounts_in_order(session, "accounts", link.accounts)
    new = NewLink(
        destination=link.destination,
        slug=strip_non_blank(link.slug, "slug"),
        domain=strip_non_blank(link.domain, "domain"),
        title=link.title,
        note=link.note,
        tags=None if link.tags is None else parse_tag_names(link.tags, "tags"),
        external_id=link.external_id,
        utm=parse_utm(link.utm),
        expiry=parse_expiry(link.expiry),
        device_targets=parse_device_targets(link.device_targets),
        variants=parse_variants(link.variants),
        password=link.password,
        team=_vendor_id(link.team, "team", "Team", accounts),
        campaign=_vendor_id(link.campaign, "campaign", "Campaign", accounts),
        fetch_title=False if link.fetch_title is False else None,
        public_stats=link.public_stats,
        sms_header=strip_non_blank(link.sms_header, "smsHeader"),
        email_reports=link.email_reports,
        unique_window_minutes=link.unique_window_minutes,
        preview=parse_preview(link.preview),
        pixel=link.pixel,
        tag_manager=link.tag_manager,
    )
    return CreateCommand(accounts, new, link.if_exists or IfExists.CREATE)


def parse_idempotency_key(link: CreateLinkInput) -> str | None:
    """Returns the idempotency key of `link`, unchanged.

    Raises:
        InvalidInputError: The key is blank. A client that forgets to set its keys would send the same blank key always.
    """
    if link.idempotency_key is not None and not link.idempotency_key.strip():
        raise InvalidInputError("idempotencyKey", "must not be blank; leave it out to do without")
    return link.idempotency_key


def parse_update(session: Session, changes: UpdateLinkInput) -> UpdateCommand:
    """Returns the command in `changes`.

    Raises:
        InvalidInputError: A field is wrong; the error has its path below the input.
    """
    loaders, (handle,) = find_owner(session, "id", changes.id, "Link")
    patch = LinkPatch(**{field.name: _change(field.name, getattr(changes, field.name)) for field in fields(LinkPatch)})
    if not patch.given():
        raise InvalidInputError("input", "changes nothing; name at least one field besides id")
    return UpdateCommand(loaders, handle, patch)


def parse_tagged_patch(changes: UpdateLinksByTagInput) -> LinkPatch:
    """Returns the changes of all links of a choice of tags.

    Raises:
        InvalidInputError: A field is wrong, or there is no change.
    """
    names = ("note", "expiry", "email_reports", "archived", "protected")
    patch = LinkPatch(**{name: _change(name, getattr(changes, name)) for name in names})
    if not patch.given():
        raise InvalidInputError("input", "changes nothing; name at least one field besides account and tags")
    return patch


def accounts_in_order(session: Session, field: str, ids: Sequence[str]) -> tuple[AccountLoaders, ...]:
    """Returns the accounts in `ids`, which are keys or node IDs, in their order and without repeats.

    Raises:
        InvalidInputError: There are none, or one is unknown.
    """
    keys = [key for each in ids for key in account_keys(session, field, [each]) or ()]
    if not keys:
        raise InvalidInputError(field, "must name at least one account, by key or by id")
    return tuple(session.accounts[key] for key in dict.fromkeys(keys))


def find_account(session: Session, field: str, account: str) -> AccountLoaders:
    """Returns the account with this key or node ID.

    Raises:
        InvalidInputError: The account is unknown.
    """
    return accounts_in_order(session, field, [account])[0]


def find_owner(session: Session, field: str, node_id: str, kind: str) -> tuple[AccountLoaders, tuple[str, ...]]:
    """Returns the account that has the node, and the other parts of the node's ID.

    Raises:
        InvalidInputError: It is not the ID of a `kind`, or its account is unknown.
    """
    account, *parts = decode_id(node_id, field, kind).parts
    if account not in session.accounts:
        raise InvalidInputError(field, f"is a {kind.lower()} of an account that is not here")
    return session.accounts[account], tuple(parts)


def check_batch_size(items: Sequence[T], field: str) -> None:
    """Checks that there are at most MAX_BATCH_SIZE items.

    Raises:
        InvalidInputError: There are more.
    """
    if len(items) > MAX_BATCH_SIZE:
        raise InvalidInputError(field, f"{len(items)} are too many; at most {MAX_BATCH_SIZE} are allowed")


def strip_non_blank(value: str | None, field: str) -> str | None:
    """Returns `value` without surrounding spaces. None stays None.

    Raises:
        InvalidInputError: It is blank.
    """
    if value is not None and not value.strip():
        raise InvalidInputError(field, "must not be blank; leave it out to let the provider choose")
    return None if value is None else value.strip()


def parse_tag_names(names: Sequence[str], field: str) -> tuple[str, ...]:
    """Returns the names of tags that links are to have, unchanged.

    Raises:
        InvalidInputError: A name is blank. Some vendors would store it.
    """
    if not all(name.strip() for name in names):
        raise InvalidInputError(field, "a tag needs a name that is not blank")
    return tuple(names)


def _change(name: str, value: Any) -> Any:
    if value is strawberry.UNSET:
        return UNSET
    if value is None:
        if name in _NOT_NULLABLE:
            raise InvalidInputError(name, "cannot be null; leave it out to keep it as it is")
        return None
    if name == "slug":
        return strip_non_blank(value, "slug")
    if name == "add_tags":
        return parse_tag_names(value, "addTags")
    parsers: dict[str, Callable[[Any], Any]] = {
        "utm": parse_utm,
        "expiry": parse_expiry,
        "device_targets": parse_device_targets,
        "variants": parse_variants,
        "preview": parse_preview,
        "remove_tags": tuple,
    }
    return parsers[name](value) if name in parsers else value


def _vendor_id(node_id: str | None, field: str, kind: str, accounts: Sequence[AccountLoaders]) -> str | None:
    if node_id is None:
        return None
    account, vendor_id = decode_id(node_id, field, kind).parts
    others = [loaders.key for loaders in accounts if loaders.key != account]
    if others:
        raise InvalidInputError(field, f"is not one of {others[0]}; accounts may only name the account that has it")
    return vendor_id
