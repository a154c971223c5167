"""The six calls that change a ShortenWorld link, the fields that each carries, and their parameters.

Fields that are not given are not sent, because the parameters are optional. The document has no way to remove a
setting.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from linkweave.models import Expiry, Utm, Variant
from linkweave.models.changes import UNSET, LinkPatch
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.create_links import utm_parameters
from linkweave.providers.shortenworld.inferred import Endpoint
from linkweave.providers.shortenworld.wire import day_text

Parameters: TypeAlias = Mapping[str, object]

_WHOLE_SHARE: Final = 100


@dataclass(frozen=True, slots=True)
class PatchCall:
    """One call and the fields that it carries. `parameters` makes its parameters without the link's id."""

    endpoint: Endpoint
    fields: frozenset[str]
    parameters: Callable[[LinkPatch], Parameters]


def _update(patch: LinkPatch) -> Parameters:
    parameters: dict[str, object] = {}
    if patch.title is not UNSET:
        parameters["title"] = patch.title
    if patch.slug is not UNSET:
        parameters["code"] = patch.slug
    # Without tags to add there is nothing to send.
    if patch.add_tags is not UNSET and patch.add_tags:
        parameters["tags"] = inferred.TAG_SEPARATOR.join(patch.add_tags)
    if patch.archived is not UNSET:
        parameters["hide"] = inferred.HIDE[patch.archived]
    return parameters


def _redirect(patch: LinkPatch) -> Parameters:
    parameters: dict[str, object] = {}
    if patch.destination is not UNSET:
        parameters["destination"] = patch.destination
    if patch.unique_window_minutes is not UNSET:
        parameters |= _clicks_counted(patch.unique_window_minutes)
    if isinstance(patch.utm, Utm):
        parameters |= utm_parameters(patch.utm)
    return parameters


def _clicks_counted(minutes: int | None) -> dict[str, object]:
    """Every click counts, or one click of each visitor in a window of minutes (DOC). No window means every click."""
    if not minutes:
        return {inferred.CLICK_TYPE: inferred.ALL_CLICKS}
    return {inferred.CLICK_TYPE: inferred.UNIQUE_CLICKS, inferred.UNIQUE_TIME: minutes}


def _mobile(patch: LinkPatch) -> Parameters:
    targets = patch.device_targets if isinstance(patch.device_targets, tuple) else ()
    return {inferred.MOBILES[target.platform]: target.destination for target in targets}


def _expiration(patch: LinkPatch) -> Parameters:
    expiry = patch.expiry if isinstance(patch.expiry, Expiry) else Expiry()
    only = expiry.count_unique_only
    parameters = {
        inferred.EXPIRY_DAY: None if expiry.at is None else day_text(expiry.at),
        inferred.EXPIRY_DAY_REDIRECT: expiry.redirect_to,
        inferred.EXPIRY_CLICKS: expiry.after_clicks,
        inferred.CLICK_TYPE: None if only is None else inferred.UNIQUE_CLICKS if only else inferred.ALL_CLICKS,
        inferred.EXPIRY_CLICKS_REDIRECT: expiry.redirect_to_after_clicks,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def _password(patch: LinkPatch) -> Parameters:
    return {"password": patch.password}


def _testing(patch: LinkPatch) -> Parameters:
    variants = [
        {inferred.VARIANT_DESTINATION: variant.destination, inferred.VARIANT_SHARE: variant.percentage}
        for variant in variants_of(patch)
    ]
    return {"testing": variants}


UPDATE: Final = PatchCall(inferred.UPDATE_LINK, frozenset({"title", "slug", "add_tags", "archived"}), _update)
REDIRECT: Final = PatchCall(
    inferred.REDIRECT_LINK, frozenset({"destination", "unique_window_minutes", "utm"}), _redirect
)
MOBILE: Final = PatchCall(inferred.REDIRECT_MOBILE, frozenset({"device_targets"}), _mobile)
EXPIRATION: Final = PatchCall(inferred.SET_EXPIRATION, frozenset({"expiry"}), _expiration)
PASSWORD: Final = PatchCall(inferred.SET_PASSWORD, frozenset({"password"}), _password)
TESTING: Final = PatchCall(inferred.SET_TESTING, frozenset({"variants"}), _testing)

PATCH_CALLS: Final = (UPDATE, REDIRECT, MOBILE, EXPIRATION, PASSWORD, TESTING)
"""In the order in which they are made: the destination changes before the variants, which contain it."""

UPDATABLE: Final = frozenset[str]().union(*(each.fields for each in PATCH_CALLS))
CLEARABLE: Final = frozenset({"unique_window_minutes"})
"""Without a window every click counts, for which there is a parameter (DOC)."""


def variants_of(patch: LinkPatch) -> Sequence[Variant]:
    """The variants in `patch`."""
    return patch.variants if isinstance(patch.variants, tuple) else ()


def remaining_share(patch: LinkPatch) -> int:
    """The percentage of the clicks that the variants of `patch` leave to the destination."""
    return max(0, _WHOLE_SHARE - sum(variant.percentage for variant in variants_of(patch)))
