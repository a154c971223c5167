"""Values that ShortenWorld's calls cannot express, in fields that they have."""

from collections.abc import Iterator
from typing import Final

from linkweave.models import Expiry, Utm
from linkweave.models.changes import InputProblem, LinkPatch
from linkweave.providers.shortenworld.inferred import MOBILES, TAG_SEPARATOR
from linkweave.providers.target_checks import check_targets

_PERCENT: Final = range(1, 101)
_NOT_REMOVABLE: Final = "ShortenWorld has no call that removes this from a link"


def patch_problems(patch: LinkPatch) -> tuple[InputProblem, ...]:
    """The values that cannot be sent. Values that the vendor may refuse are left to the vendor."""
    return (
        *_empty_value_problems(patch),
        *_tag_problems(patch),
        *_share_problems(patch),
        *check_targets(patch.device_targets, MOBILES, once=True),
    )


def _empty_value_problems(patch: LinkPatch) -> Iterator[InputProblem]:
    """An empty value means to clear the field. Only `unique_window_minutes` can be cleared, by null."""
    empty = {
        "device_targets": patch.device_targets == (),
        "variants": patch.variants == (),
        "utm": patch.utm == Utm(),
        "expiry": patch.expiry == Expiry(),
        "password": patch.password == "",
    }
    return (InputProblem((name,), _NOT_REMOVABLE) for name, is_empty in empty.items() if is_empty)


def _tag_problems(patch: LinkPatch) -> Iterator[InputProblem]:
    tags = patch.add_tags if isinstance(patch.add_tags, tuple) else ()
    for index, tag in enumerate(tags):
        if not tag.strip() or TAG_SEPARATOR in tag:
            message = f"is no tag at ShortenWorld, where {TAG_SEPARATOR!r} separates tags"
            yield InputProblem(("add_tags", str(index)), message)


def _share_problems(patch: LinkPatch) -> Iterator[InputProblem]:
    """Shares outside 1 to 100 percent (DOC), and more than the whole in all."""
    variants = patch.variants if isinstance(patch.variants, tuple) else ()
    wrong = [index for index, variant in enumerate(variants) if variant.percentage not in _PERCENT]
    for index in wrong:
        yield InputProblem(("variants", str(index), "percentage"), "must be from 1 to 100", is_invalid=True)
    if not wrong and sum(variant.percentage for variant in variants) > _PERCENT[-1]:
        yield InputProblem(("variants",), "the percentages must not have a sum above 100", is_invalid=True)
