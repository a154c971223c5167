"""Chevereto's answer to an upload, checked, and what it is to us.

DOC and FOUND (a real 4.2.0 server): flags are 0 or 1, `tags` are objects or strings, what is missing is null, "" or
absent, and every URL of the file itself is absent while it waits for approval.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Field

from linkweave.models import Upload
from linkweave.providers.wire import Wire

# What fits into GraphQL's Int.
_MOST: Final = 2**31 - 1


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _as_moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def _as_tag(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Count: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=_MOST)]
Flag: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=1)]
WebUrl: TypeAlias = Annotated[str, Field(pattern=r"(?i)^https?://[^\s/]")]
MaybeUrl: TypeAlias = Annotated[WebUrl | None, BeforeValidator(_none_if_empty)]
Moment: TypeAlias = Annotated[datetime, BeforeValidator(_as_moment), Field(strict=True)]


class Tag(Wire):
    """A tag of the site."""

    name: str


class Size(Wire):
    """The file in one of its sizes; without a URL where there is none, or where it is not public yet."""

    url: MaybeUrl = None


class Image(Wire):
    """An uploaded file, which may be a video."""

    id_encoded: str = Field(min_length=1)
    name: str
    extension: str
    mime: str
    size: Count
    nsfw: Flag
    url_viewer: WebUrl
    url_short: WebUrl
    title: str | None = None
    description: str | None = None
    url: MaybeUrl = None
    thumb: Size | None = None
    medium: Size | None = None
    url_frame: MaybeUrl = None
    width: Count | None = None
    height: Count | None = None
    duration: Count | None = None
    md5: str | None = None
    original_filename: str | None = None
    tags: tuple[Annotated[Tag, BeforeValidator(_as_tag)], ...] = ()
    is_animated: Flag | None = None
    is_approved: Flag | None = None
    views: Count | None = None
    likes: Count | None = None
    date_gmt: Moment | None = None
    expiration_date_gmt: Moment | None = None
    delete_url: MaybeUrl = Field(default=None, repr=False)


class UploadAnswer(Wire):
    """The answer to an upload that was stored."""

    image: Image


def upload_of(image: Image) -> Upload:
    """`image` in our words. A duration of 0 is that of a picture, which has none."""
    return Upload(
        id=image.id_encoded,
        name=image.name,
        viewer_url=image.url_viewer,
        short_url=image.url_short,
        mime_type=image.mime,
        extension=image.extension,
        size=image.size,
        nsfw=bool(image.nsfw),
        title=image.title,
        description=image.description,
        url=image.url,
        thumbnail_url=None if image.thumb is None else image.thumb.url,
        medium_url=None if image.medium is None else image.medium.url,
        frame_url=image.url_frame,
        width=image.width,
        height=image.height,
        duration_seconds=image.duration or None,
        md5=image.md5,
        original_filename=image.original_filename,
        tags=tuple(tag.name for tag in image.tags),
        animated=_flag(image.is_animated),
        approved=_flag(image.is_approved),
        views=image.views,
        likes=image.likes,
        created_at=image.date_gmt,
        expires_at=image.expiration_date_gmt,
        delete_url=image.delete_url,
    )


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
