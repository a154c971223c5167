"""What a link's fields are in the body of a call, and the values that Dub cannot express."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from linkweave.models import DeviceTarget, Expiry, Platform, Utm
from linkweave.models.changes import UNSET, Change, InputProblem, LinkPatch, NewLink, Unset
from linkweave.providers.dub.inferred import END_OF_DAY, TAG_NAMES
from linkweave.providers.target_checks import check_targets

# DOC, all of them. Dub cuts longer titles.
_MAX_SLUG: Final = 190
_MAX_TITLE: Final = 120
_MAX_EXTERNAL_ID: Final = 255
_EXTERNAL_PREFIX: Final = "ext_"
_UTM: Final = ("source", "medium", "campaign", "term", "content")
_PLATFORMS: Final[Mapping[Platform, str]] = {Platform.IOS: "ios", Platform.ANDROID: "android"}


def body_of(new: NewLink) -> dict[str, object]:
    """The body that creates a link, without the fields that the caller left out."""
    keys: dict[str, object] = {
        "url": new.destination,
        "key": new.slug,
        "domain": new.domain,
        "title": new.title,
        "comments": new.note,
        TAG_NAMES: None if not new.tags else list(new.tags),
        "externalId": new.external_id,
        "password": new.password,
        **({} if new.utm is None else _utm_keys(new.utm)),
        **({} if new.expiry is None else _expiry_keys(new.expiry)),
        **({} if new.device_targets is None else _target_keys(new.device_targets)),
    }
    return {key: value for key, value in keys.items() if value is not None}


def changes_of(patch: LinkPatch) -> dict[str, object]:
    """The body that changes a link, without its tags. null clears a key, and an absent one stays (DOC)."""
    keys: dict[str, object] = {
        "url": patch.destination,
        "key": patch.slug,
        "title": patch.title,
        "comments": patch.note,
        "externalId": patch.external_id,
        "password": patch.password,
        "archived": patch.archived,
        **({} if isinstance(patch.utm, Unset) else _utm_keys(patch.utm or Utm())),
        **_expiry_changes(patch.expiry),
        **({} if isinstance(patch.device_targets, Unset) else _target_keys(patch.device_targets or ())),
    }
    return {key: value for key, value in keys.items() if not isinstance(value, Unset)}


def check_values(given: NewLink | LinkPatch) -> Iterator[InputProblem]:
    """The problems of a new link or of a patch, but for those of its expiry."""
    lengths = (("slug", _MAX_SLUG), ("title", _MAX_TITLE), ("external_id", _MAX_EXTERNAL_ID))
    for name, longest in lengths:
        value = getattr(given, name)
        if isinstance(value, str) and len(value) > longest:
            yield InputProblem((name,), f"must have at most {longest} characters at Dub", is_invalid=True)
    if isinstance(given.external_id, str) and given.external_id.startswith(_EXTERNAL_PREFIX):
        problem = f"must not start with {_EXTERNAL_PREFIX}, which Dub removes"
        yield InputProblem(("external_id",), problem, is_invalid=True)
    yield from check_targets(given.device_targets, _PLATFORMS)


def _utm_keys(utm: Utm) -> dict[str, object]:
    return {f"utm_{name}": getattr(utm, name) for name in _UTM}


def _expiry_keys(expiry: Expiry) -> dict[str, object]:
    at = None if expiry.at is None else f"{expiry.at.isoformat()}{END_OF_DAY}"
    return {"expiresAt": at, "expiredUrl": expiry.redirect_to}


def _expiry_changes(expiry: Change[Expiry]) -> dict[str, object]:
    """A part of an expiry without a value stays as it is, and None clears both."""
    if isinstance(expiry, Unset):
        return {}
    if expiry is None:
        return {"expiresAt": None, "expiredUrl": None}
    return {key: UNSET if value is None else value for key, value in _expiry_keys(expiry).items()}


def _target_keys(targets: Iterable[DeviceTarget]) -> dict[str, object]:
    by_platform = {target.platform: target.destination for target in targets}
    return {key: by_platform.get(platform) for platform, key in _PLATFORMS.items()}
