"""The inputs of writes, in no vendor's terms. Field names are those of the GraphQL inputs, in snake case."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, fields
from enum import Enum
from typing import Final, TypeAlias, TypeVar

from linkweave.models import DeviceTarget, Expiry, Link, Utm, Variant


class Unset(Enum):
    """The value of a field that the caller left out. None is another value: it clears the field."""

    UNSET = "UNSET"


UNSET = Unset.UNSET

T = TypeVar("T")
Change: TypeAlias = T | Unset | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview of a link in social networks."""

    title: str | None = None
    description: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to create. None means that the caller left the field out.

    `reuse` asks for the account's existing link to the same destination, if there is one, instead of a new link.
    """

    destination: str
    slug: str | None = None
    domain: str | None = None
    title: str | None = None
    note: str | None = None
    tags: tuple[str, ...] | None = None
    external_id: str | None = None
    utm: Utm | None = None
    expiry: Expiry | None = None
    device_targets: tuple[DeviceTarget, ...] | None = None
    variants: tuple[Variant, ...] | None = None
    password: str | None = None
    team: str | None = None
    campaign: str | None = None
    fetch_title: bool | None = None
    public_stats: bool | None = None
    sms_header: str | None = None
    email_reports: bool | None = None
    unique_window_minutes: int | None = None
    preview: Preview | None = None
    pixel: str | None = None
    tag_manager: str | None = None
    reuse: bool = False

    def given(self) -> frozenset[str]:
        """Returns the names of the fields that the caller set, without `reuse`."""
        names = (field.name for field in fields(self) if field.name != "reuse")
        return frozenset(name for name in names if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class LinkPatch:
    """Changes to a link. UNSET leaves a field unchanged; None clears it."""

    destination: str | Unset = UNSET
    slug: str | Unset = UNSET
    title: Change[str] = UNSET
    note: Change[str] = UNSET
    add_tags: tuple[str, ...] | Unset = UNSET
    remove_tags: tuple[str, ...] | Unset = UNSET
    external_id: Change[str] = UNSET
    utm: Change[Utm] = UNSET
    expiry: Change[Expiry] = UNSET
    device_targets: Change[tuple[DeviceTarget, ...]] = UNSET
    variants: Change[tuple[Variant, ...]] = UNSET
    password: Change[str] = UNSET
    archived: bool | Unset = UNSET
    starred: bool | Unset = UNSET
    protected: bool | Unset = UNSET
    email_reports: bool | Unset = UNSET
    unique_window_minutes: Change[int] = UNSET
    preview: Change[Preview] = UNSET
    pixel: Change[str] = UNSET
    tag_manager: Change[str] = UNSET

    def given(self) -> frozenset[str]:
        """Returns the names of the fields to change."""
        names = (field.name for field in fields(self))
        return frozenset(name for name in names if getattr(self, name) is not UNSET)

    def only(self, names: frozenset[str]) -> "LinkPatch":
        """Returns the patch that changes no other fields than `names`."""
        return LinkPatch(**{name: getattr(self, name) for name in names})

    def cleared(self) -> frozenset[str]:
        """Returns the names of the fields to clear."""
        return frozenset(name for name in self.given() if getattr(self, name) is None)

    def tags_after(self, present: Iterable[str]) -> list[str]:
        """Returns the tags of a link that had those in `present`. Case makes no difference.

        A tag that is both removed and added is there, as it is added.
        """
        added, removed = (() if isinstance(tags, Unset) else tags for tags in (self.add_tags, self.remove_tags))
        gone = {tag.casefold() for tag in removed}
        tags = {tag.casefold(): tag for tag in present if tag.casefold() not in gone}
        for tag in added:
            tags.setdefault(tag.casefold(), tag)
        return list(tags.values())


@dataclass(frozen=True, slots=True)
class InputProblem:
    """A part of an input that a vendor's API cannot express. `path` leads to it from the input, in snake case.

    `is_invalid` tells that the vendor has such a field, and its document excludes the value.
    `is_uncertain` tells of a finished write that the vendor does not show this part.
    """

    path: tuple[str, ...]
    message: str
    is_invalid: bool = False
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link after a write.

    `known_fields` are the fields of `link` that are certain after the write. Other fields are read again when a
    query selects them. `created` is False where the vendor returned a link that existed before: a vendor may allow one
    link per destination. The gateway reports it as a conflict, unless the caller asked for reuse.
    """

    link: Link
    known_fields: frozenset[str]
    created: bool = True


ALL_LINK_FIELDS: Final = frozenset(field.name for field in fields(Link))
"""The `known_fields` of a link that needs no second read."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to create. Exactly one of `link_handle`, `domain` and `tag` is set."""

    url: str
    event: str = "click"
    link_handle: str | None = None
    domain: str | None = None
    tag: str | None = None
    method: str | None = None
    headers: tuple[tuple[str, str], ...] | None = None
    encoding: str | None = None
    ignore_errors: bool | None = None


@dataclass(frozen=True, slots=True)
class WebhookPatch:
    """Changes to a webhook. None leaves a field unchanged."""

    url: str | None = None
    method: str | None = None
    headers: tuple[tuple[str, str], ...] | None = None
    encoding: str | None = None
    ignore_errors: bool | None = None


@dataclass(frozen=True, slots=True)
class NewTrackers:
    """Trackers to add to a link: copies of some or all team trackers, or one tracker by its code."""

    link_handle: str
    team_trackers: tuple[str, ...] | None = None
    all_team_trackers: bool = False
    tracker: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class AbuseReport:
    """A report of a malicious short link."""

    short_url: str
    attack_type: str | None = None
    description: str | None = None
    date: dt.date | None = None
    target_brand: str | None = None
    screenshot_url: str | None = None


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file to send. Each call of `open` returns its bytes in pieces, from the start."""

    name: str
    content_type: str
    size: int
    open: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file to upload. Exactly one of `file`, `base64` and `url` is set.

    `expires_in` is an ISO 8601 duration; `width` is in pixels.
    """

    file: FileSource | None = None
    base64: str | None = None
    url: str | None = None
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    album: str | None = None
    category: str | None = None
    width: int | None = None
    expires_in: str | None = None
    nsfw: bool | None = None
    use_file_date: bool | None = None
