"""The form of an upload, and the answer to it.

DOC and FOUND (a real 4.2.0 server): flags are 0 or 1, `tags` are objects or strings, and a missing value is null, "" or
absent. While a file waits for approval, none of its own URLs is there.
"""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, AliasPath, BeforeValidator, Field

from linkweave.models import Upload
from linkweave.models.changes import NewUpload
from linkweave.providers.wire import Count, Flag, Moment, OptionalUrl, SmallCount, Text, TolerantWire, WebUrl, Wire
from linkweave.transport.call import Pairs


def _tag_name(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


TagName: TypeAlias = Annotated[str, BeforeValidator(_tag_name)]


class Image(Wire):
    """An uploaded file, which may be a video. The fields are those of Upload under Chevereto's names."""

    id: Text = Field(alias="id_encoded")
    name: str
    viewer_url: WebUrl = Field(alias="url_viewer")
    short_url: WebUrl = Field(alias="url_short")
    mime_type: str = Field(alias="mime")
    extension: str
    size: Count
    nsfw: Flag
    title: str | None = None
    description: str | None = None
    url: OptionalUrl = None
    thumbnail_url: OptionalUrl = Field(None, validation_alias=AliasPath("thumb", "url"))
    medium_url: OptionalUrl = Field(None, validation_alias=AliasPath("medium", "url"))
    frame_url: OptionalUrl = Field(None, alias="url_frame")
    width: SmallCount | None = None
    height: SmallCount | None = None
    # A picture has the duration 0.
    duration_seconds: Annotated[SmallCount | None, AfterValidator(lambda value: value or None)] = Field(
        None, alias="duration"
    )
    md5: str | None = None
    original_filename: str | None = None
    tags: tuple[TagName, ...] = ()
    animated: Flag | None = Field(None, alias="is_animated")
    approved: Flag | None = Field(None, alias="is_approved")
    views: Count | None = None
    likes: Count | None = None
    created_at: Moment | None = Field(None, alias="date_gmt")
    expires_at: Moment | None = Field(None, alias="expiration_date_gmt")
    delete_url: OptionalUrl = Field(None, repr=False)

    def to_upload(self) -> Upload:
        """The file in the gateway's own words."""
        return Upload(**dict(self))


class UploadAnswer(TolerantWire):
    """The answer to an upload that was stored."""

    image: Image


def form_fields(new: NewUpload, source: str | None) -> Pairs:
    """The form in the order of the document, without a file; `source` is base64 or a URL in its place.

    The answer is always wanted as JSON, because the other two formats have no place for an error.
    """
    pairs = {
        "source": source,
        "title": new.title,
        "description": new.description,
        "tags": ",".join(new.tags) if new.tags else None,
        "album_id": new.album,
        "category_id": new.category,
        "width": None if new.width is None else str(new.width),
        "expiration": new.expires_in,
        "nsfw": _zero_or_one(new.nsfw),
        "format": "json",
        "use_file_date": _zero_or_one(new.use_file_date),
    }
    return tuple((name, value) for name, value in pairs.items() if value is not None)


def _zero_or_one(value: bool | None) -> str | None:
    return None if value is None else str(int(value))
