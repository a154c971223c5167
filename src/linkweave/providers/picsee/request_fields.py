"""Parts of inputs as PicSee's JSON, and the parts that its API cannot express."""

from collections.abc import Iterator, Mapping, Sequence

from linkweave.models import DeviceTarget, Utm
from linkweave.models.changes import AbuseReport, Change, InputProblem, LinkPatch, NewLink, Preview
from linkweave.providers.picsee.inferred import TARGETS


def preview_fields(title: Change[str], preview: Change[Preview]) -> Mapping[str, str]:
    """Title, description and image. PicSee has one title for the link and its preview (FOUND)."""
    given = preview if isinstance(preview, Preview) else Preview()
    fields = {
        "title": title if given.title is None else given.title,
        "description": given.description,
        "imageUrl": given.image_url,
    }
    return {key: value for key, value in fields.items() if isinstance(value, str)}


def field_names(given: NewLink | LinkPatch) -> Mapping[str, str]:
    """The input's own name of the title, which may be a part of `preview`."""
    return {} if isinstance(given.title, str) else {"title": "preview"}


def utm_field(utm: Utm) -> Mapping[str, str]:
    """The given campaign parameters. PicSee's names are those of the gateway."""
    fields = {
        "source": utm.source,
        "medium": utm.medium,
        "campaign": utm.campaign,
        "term": utm.term,
        "content": utm.content,
    }
    return {key: value for key, value in fields.items() if value is not None}


def targets_field(targets: Sequence[DeviceTarget]) -> list[Mapping[str, str]]:
    """Separate destinations for the platforms that PicSee knows."""
    return [{"target": TARGETS[each.platform], "url": each.destination} for each in targets]


def abuse_body(report: AbuseReport) -> Mapping[str, str]:
    """An abuse report (DOC), in snake case unlike PicSee's other bodies."""
    fields = {
        "url": report.short_url,
        "attack_type": report.attack_type,
        "description": report.description,
        "date": None if report.date is None else report.date.isoformat(),
        "target_brand": report.target_brand,
        "screenshot_url": report.screenshot_url,
    }
    return {key: value for key, value in fields.items() if value is not None}


def title_problems(title: Change[str], preview: Change[Preview]) -> Iterator[InputProblem]:
    """Finds two different titles."""
    other = preview.title if isinstance(preview, Preview) else None
    if isinstance(title, str) and other is not None and other != title:
        message = "PicSee has one title for the link and its preview: give one of the two"
        yield InputProblem(("preview", "title"), message)
