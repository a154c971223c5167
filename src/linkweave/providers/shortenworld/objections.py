"""What ShortenWorld's calls for changes have no words for, in fields that they do have words for."""

from collections.abc import Iterator, Sequence
from typing import Final

from linkweave.models import DeviceTarget, Expiry, Utm
from linkweave.models.changes import InputProblem, LinkPatch
from linkweave.providers.shortenworld.inferred import MOBILES, TAG_SEPARATOR

_KEEPS: Final = "ShortenWorld has no call that takes this off a link"


def objections_to(patch: LinkPatch) -> tuple[InputProblem, ...]:
    """Everything that cannot be said; values that the vendor may refuse are left to the vendor."""
    found = [*_to_emptiness(patch), *_to_tags(patch)]
    if isinstance(patch.device_targets, tuple):
        found += _to_targets(patch.device_targets)
    return tuple(found)


def _to_emptiness(patch: LinkPatch) -> Iterator[InputProblem]:
    """Nothing in a field means to clear it, which only null for `unique_window_minutes` can."""
    empty = {
        "device_targets": patch.device_targets == (),
        "variants": patch.variants == (),
        "utm": patch.utm == Utm(),
        "expiry": patch.expiry == Expiry(),
        "password": patch.password == "",
    }
    return (InputProblem((name,), _KEEPS) for name, is_empty in empty.items() if is_empty)


def _to_tags(patch: LinkPatch) -> Iterator[InputProblem]:
    tags = patch.add_tags if isinstance(patch.add_tags, tuple) else ()
    for place, tag in enumerate(tags):
        if not tag.strip() or TAG_SEPARATOR in tag:
            message = f"is no tag at ShortenWorld, where tags are words between {TAG_SEPARATOR!r}"
            yield InputProblem(("add_tags", str(place)), message)


def _to_targets(targets: Sequence[DeviceTarget]) -> Iterator[InputProblem]:
    seen = set()
    for place, target in enumerate(targets):
        path = ("device_targets", str(place), "platform")
        if target.platform not in MOBILES:
            allowed = ", ".join(platform.value for platform in MOBILES)
            yield InputProblem(path, f"{target.platform.value} cannot be told to ShortenWorld; allowed: {allowed}")
        elif target.platform in seen:
            yield InputProblem(path, f"{target.platform.value} is named twice")
        seen.add(target.platform)
