"""Changes to ShortenWorld's links: which of its six calls carries which field, and how that is said.

What a call leaves out is not sent. The document does not say whether the vendor then keeps or forgets it; its
parameters being optional, INFERRED: it keeps it. There is no documented way to take a setting off again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from linkweave.models import Expiry, Utm, Variant
from linkweave.models.changes import UNSET, LinkPatch
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.creating import utm_parameters
from linkweave.providers.shortenworld.days import day_text
from linkweave.providers.shortenworld.inferred import Endpoint

Parameters: TypeAlias = Mapping[str, object]

WHOLE_SHARE: Final = 100


@dataclass(frozen=True, slots=True)
class Group:
    """The fields that one call carries. `parameters` says them, less the link's id."""

    endpoint: Endpoint
    fields: frozenset[str]
    parameters: Callable[[LinkPatch], Parameters]


def _update(patch: LinkPatch) -> Parameters:
    told: dict[str, object] = {}
    if patch.title is not UNSET:
        told["title"] = patch.title
    if patch.slug is not UNSET:
        told["code"] = patch.slug
    # No tags to add are nothing to say.
    if patch.add_tags is not UNSET and patch.add_tags:
        told["tags"] = inferred.TAG_SEPARATOR.join(patch.add_tags)
    if patch.archived is not UNSET:
        told["hide"] = inferred.HIDE[patch.archived]
    return told


def _redirect(patch: LinkPatch) -> Parameters:
    told: dict[str, object] = {}
    if patch.destination is not UNSET:
        told["destination"] = patch.destination
    if patch.unique_window_minutes is not UNSET:
        told |= _clicks_counted(patch.unique_window_minutes)
    if isinstance(patch.utm, Utm):
        told |= utm_parameters(patch.utm)
    return told


def _clicks_counted(minutes: int | None) -> dict[str, object]:
    """DOC: every click, or one of each visitor in so many minutes. No window means every click."""
    if not minutes:
        return {inferred.CLICK_TYPE: inferred.ALL_CLICKS}
    return {inferred.CLICK_TYPE: inferred.UNIQUE_CLICKS, inferred.UNIQUE_TIME: minutes}


def _mobile(patch: LinkPatch) -> Parameters:
    targets = patch.device_targets if isinstance(patch.device_targets, tuple) else ()
    return {inferred.MOBILES[target.platform]: target.destination for target in targets}


def _expiration(patch: LinkPatch) -> Parameters:
    expiry = patch.expiry if isinstance(patch.expiry, Expiry) else Expiry()
    only = expiry.count_unique_only
    told = {
        inferred.EXPIRY_DAY: None if expiry.at is None else day_text(expiry.at),
        inferred.EXPIRY_DAY_REDIRECT: expiry.redirect_to,
        inferred.EXPIRY_CLICKS: expiry.after_clicks,
        inferred.CLICK_TYPE: None if only is None else inferred.UNIQUE_CLICKS if only else inferred.ALL_CLICKS,
        inferred.EXPIRY_CLICKS_REDIRECT: expiry.redirect_to_after_clicks,
    }
    return {name: value for name, value in told.items() if value is not None}


def _password(patch: LinkPatch) -> Parameters:
    return {"password": patch.password}


def _testing(patch: LinkPatch) -> Parameters:
    variants = [
        {inferred.VARIANT_DESTINATION: variant.destination, inferred.VARIANT_SHARE: variant.percentage}
        for variant in variants_of(patch)
    ]
    return {"testing": variants}


UPDATE: Final = Group(inferred.UPDATE_LINK, frozenset({"title", "slug", "add_tags", "archived"}), _update)
REDIRECT: Final = Group(inferred.REDIRECT_LINK, frozenset({"destination", "unique_window_minutes", "utm"}), _redirect)
MOBILE: Final = Group(inferred.REDIRECT_MOBILE, frozenset({"device_targets"}), _mobile)
EXPIRATION: Final = Group(inferred.SET_EXPIRATION, frozenset({"expiry"}), _expiration)
PASSWORD: Final = Group(inferred.SET_PASSWORD, frozenset({"password"}), _password)
TESTING: Final = Group(inferred.SET_TESTING, frozenset({"variants"}), _testing)

GROUPS: Final = (UPDATE, REDIRECT, MOBILE, EXPIRATION, PASSWORD, TESTING)
"""In the order in which they are called: the destination is new before the variants are said, which contain it."""

UPDATABLE: Final = frozenset[str]().union(*(group.fields for group in GROUPS))
CLEARABLE: Final = frozenset({"unique_window_minutes"})
"""Without a window every click counts, which can be said (DOC)."""


def variants_of(patch: LinkPatch) -> Sequence[Variant]:
    """The variants that `patch` gives."""
    return patch.variants if isinstance(patch.variants, tuple) else ()


def rest_of(patch: LinkPatch) -> int:
    """The share of the clicks that the variants of `patch` leave to the destination, in percent."""
    return max(0, WHOLE_SHARE - sum(variant.percentage for variant in variants_of(patch)))
