"""What PicSee's create and edit have in common: the parts of our changes as its JSON, and what it has no words for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from linkweave.models import DeviceTarget, Utm
from linkweave.models.changes import Change, InputProblem, Preview
from linkweave.providers.picsee.inferred import TARGETS

_PLATFORMS: Final = ", ".join(platform.value for platform in TARGETS)


def preview_fields(title: Change[str], preview: Change[Preview]) -> Mapping[str, str]:
    """Title, description and image. PicSee has one title for the link and its preview (FOUND)."""
    shown = preview if isinstance(preview, Preview) else Preview()
    told = {
        "title": title if shown.title is None else shown.title,
        "description": shown.description,
        "imageUrl": shown.image_url,
    }
    return {key: value for key, value in told.items() if isinstance(value, str)}


def utm_field(utm: Utm) -> Mapping[str, str]:
    """The campaign parameters that are given; PicSee's names are ours."""
    told = {
        "source": utm.source,
        "medium": utm.medium,
        "campaign": utm.campaign,
        "term": utm.term,
        "content": utm.content,
    }
    return {key: value for key, value in told.items() if value is not None}


def targets_field(targets: Sequence[DeviceTarget]) -> list[Mapping[str, str]]:
    """Other destinations, for the platforms that PicSee knows."""
    return [{"target": TARGETS[each.platform], "url": each.destination} for each in targets]


def preview_objections(title: Change[str], preview: Change[Preview]) -> Iterator[InputProblem]:
    """Two titles for one."""
    shown = preview.title if isinstance(preview, Preview) else None
    if isinstance(title, str) and shown is not None and shown != title:
        yield InputProblem(
            ("preview", "title"), "PicSee has one title for the link and its preview: give one of the two"
        )


def target_objections(targets: Change[tuple[DeviceTarget, ...]]) -> Iterator[InputProblem]:
    """Platforms that PicSee does not tell apart."""
    for index, target in enumerate(targets if isinstance(targets, tuple) else ()):
        if target.platform not in TARGETS:
            path = ("device_targets", str(index), "platform")
            yield InputProblem(path, f"PicSee does not know {target.platform.value}; allowed: {_PLATFORMS}")
