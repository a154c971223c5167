"""What a link's fields are in the body of a call, and the values that Short.io cannot express."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from linkweave.models import DeviceTarget, Expiry, Platform, Utm, Variant
from linkweave.models.changes import UNSET, Change, InputProblem, LinkPatch, NewLink, Unset
from linkweave.providers.shortio.inferred import END_OF_DAY
from linkweave.providers.target_checks import check_targets

_UTM: Final = ("source", "medium", "campaign", "term", "content")
_PLATFORMS: Final[Mapping[Platform, str]] = {Platform.IOS: "iphoneURL", Platform.ANDROID: "androidURL"}
# DOC.
_PERCENTAGES: Final = range(1, 101)


def body_of(new: NewLink) -> dict[str, object]:
    """The body that creates a link, without its domain and without the fields that the caller left out.

    `ttl` is never sent: it deletes the link.
    """
    keys: dict[str, object] = {
        "originalURL": new.destination,
        "path": new.slug,
        "title": new.title,
        "tags": list(new.tags) if new.tags else None,
        "password": new.password,
        **({} if new.utm is None else _utm_keys(new.utm)),
        **({} if new.expiry is None else _expiry_keys(new.expiry)),
        **({} if new.device_targets is None else _target_keys(new.device_targets)),
        **({} if new.variants is None else _variant_keys(new.variants)),
    }
    return {key: value for key, value in keys.items() if value is not None}


def changes_of(patch: LinkPatch) -> dict[str, object]:
    """The body that changes a link, without its tags. An absent key stays (DOC), and null clears."""
    keys: dict[str, object] = {
        "originalURL": patch.destination,
        "path": patch.slug,
        "title": patch.title,
        "password": patch.password,
        "archived": patch.archived,
        **({} if isinstance(patch.utm, Unset) else _utm_keys(patch.utm or Utm())),
        **_expiry_changes(patch.expiry),
        **({} if isinstance(patch.device_targets, Unset) else _target_keys(patch.device_targets or ())),
        **({} if isinstance(patch.variants, Unset) else _variant_keys(patch.variants or ())),
    }
    return {key: value for key, value in keys.items() if not isinstance(value, Unset)}


def check_values(given: NewLink | LinkPatch) -> Iterator[InputProblem]:
    """The problems of a new link or of a patch, but for those of its expiry."""
    yield from check_targets(given.device_targets, _PLATFORMS)
    for at, variant in enumerate(given.variants if isinstance(given.variants, tuple) else ()):
        if at:
            yield InputProblem(("variants", str(at)), "Short.io takes at most 1 besides the destination")
        elif variant.percentage not in _PERCENTAGES:
            yield InputProblem(("variants", str(at), "percentage"), "must be from 1 to 100", is_invalid=True)


def _utm_keys(utm: Utm) -> dict[str, object]:
    return {f"utm{name.capitalize()}": getattr(utm, name) for name in _UTM}


def _expiry_keys(expiry: Expiry) -> dict[str, object]:
    at = None if expiry.at is None else f"{expiry.at.isoformat()}{END_OF_DAY}"
    return {"expiresAt": at, "clicksLimit": expiry.after_clicks, "expiredURL": expiry.redirect_to}


def _expiry_changes(expiry: Change[Expiry]) -> dict[str, object]:
    """A part of an expiry without a value stays as it is, and None clears all."""
    if isinstance(expiry, Unset):
        return {}
    keys = _expiry_keys(expiry or Expiry())
    return keys if expiry is None else {key: UNSET if value is None else value for key, value in keys.items()}


def _target_keys(targets: Iterable[DeviceTarget]) -> dict[str, object]:
    by_platform = {target.platform: target.destination for target in targets}
    return {key: by_platform.get(platform) for platform, key in _PLATFORMS.items()}


def _variant_keys(variants: Sequence[Variant]) -> dict[str, object]:
    first = variants[0] if variants else None
    return {
        "splitURL": None if first is None else first.destination,
        "splitPercent": None if first is None else first.percentage,
    }
