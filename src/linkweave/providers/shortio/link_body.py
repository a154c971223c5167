"""What a link's fields are in the body of a call, and the values that Short.io cannot express."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from linkweave.models import DeviceTarget, Expiry, Platform, Utm, Variant
from linkweave.models.changes import UNSET, Change, InputProblem, LinkPatch, NewLink, Unset
from linkweave.providers.shortio.inferred import END_OF_DAY

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


def tags_after(present: Iterable[str], patch: LinkPatch) -> list[str]:
    """The tags afterwards: those that are there but for the removed ones, and those that are added."""
    added, removed = (() if isinstance(tags, Unset) else tags for tags in (patch.add_tags, patch.remove_tags))
    gone = {tag.casefold() for tag in removed}
    kept = [tag for tag in present if tag.casefold() not in gone]
    known = {tag.casefold() for tag in kept}
    return [*kept, *(tag for tag in dict.fromkeys(added) if tag.casefold() not in known)]


def check_new(new: NewLink, today: date) -> Iterator[InputProblem]:
    """The problems of a new link."""
    yield from _check(new.expiry, new.device_targets, new.variants, today)
    if new.expiry is not None and new.expiry.at is None and new.expiry.after_clicks is None:
        yield InputProblem(("expiry",), "needs at or afterClicks at Short.io")


def check_changes(patch: LinkPatch, today: date) -> Iterator[InputProblem]:
    """The problems of a patch."""
    yield from _check(patch.expiry, patch.device_targets, patch.variants, today)


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


def _check(
    expiry: Change[Expiry],
    targets: Change[tuple[DeviceTarget, ...]],
    variants: Change[tuple[Variant, ...]],
    today: date,
) -> Iterator[InputProblem]:
    if isinstance(expiry, Expiry):
        yield from _check_expiry(expiry, today)
    for target in () if targets is None or isinstance(targets, Unset) else targets:
        if target.platform not in _PLATFORMS:
            yield InputProblem(("device_targets",), "Short.io has destinations for IOS and ANDROID only")
    for at, variant in enumerate(() if variants is None or isinstance(variants, Unset) else variants):
        if at:
            yield InputProblem(("variants",), "Short.io has one destination besides the main one")
        elif variant.percentage not in _PERCENTAGES:
            yield InputProblem(("variants",), "a percentage must be from 1 to 100 at Short.io", is_invalid=True)


def _check_expiry(expiry: Expiry, today: date) -> Iterator[InputProblem]:
    for name in ("count_unique_only", "redirect_to_after_clicks"):
        if getattr(expiry, name) is not None:
            yield InputProblem(
                ("expiry", name), "Short.io has no such parameter; allowed are at, afterClicks and redirectTo"
            )
    if expiry.at is not None and expiry.at < today:
        yield InputProblem(("expiry", "at"), "must not be in the past", is_invalid=True)
    if expiry.after_clicks is not None and expiry.after_clicks < 1:
        yield InputProblem(("expiry", "after_clicks"), "must be at least 1 at Short.io", is_invalid=True)
