"""The form of an upload, and the answer to it.

DOC and FOUND (a real 4.2.0 server): flags are 0 or 1, `tags` are objects or strings, and a missing value is null, "" or
absent. While a file waits for approval, none of its own URLs is there.
"""

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from linkweave.models import Upload, UploadVariant
from linkweave.models.changes import NewUpload
from linkweave.providers.chevereto.exif import ExifTags
from linkweave.providers.chevereto.older_sites import completed
from linkweave.providers.wire import (
    Count,
    Flag,
    Moment,
    OptionalUrl,
    SmallCount,
    Text,
    TolerantWire,
    WebUrl,
    Wire,
    web_url_or_none,
)
from linkweave.transport.call import Pairs


def _tag_name(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _file_url(value: object) -> str | None:
    """A web address. The site puts the name of a file into it as it is, with blanks (RUN)."""
    return web_url_or_none(value.strip().replace(" ", "%20") if isinstance(value, str) else value)


TagName: TypeAlias = Annotated[str, BeforeValidator(_tag_name)]
FileUrl: TypeAlias = Annotated[str | None, BeforeValidator(_file_url)]


class VariantRow(Wire):
    """A file that the site made from the upload. Each value is null where there is no such file."""

    url: FileUrl = None
    mime_type: str | None = Field(None, alias="mime")
    extension: str | None = None
    size: Count | None = None


class Image(Wire):
    """An uploaded file, which may be a video. The fields are those of Upload under Chevereto's names."""

    id: Text = Field(alias="id_encoded")
    name: str
    viewer_url: WebUrl = Field(alias="url_viewer")
    short_url: WebUrl = Field(alias="url_short")
    mime_type: str = Field(alias="mime")
    extension: str
    size: Count
    nsfw: Flag = False
    title: str | None = None
    description: str | None = None
    url: FileUrl = None
    frame_url: FileUrl = Field(None, alias="url_frame")
    width: SmallCount | None = None
    height: SmallCount | None = None
    # A picture has the duration 0.
    duration_seconds: Annotated[SmallCount | None, AfterValidator(lambda value: value or None)] = Field(
        None, alias="duration"
    )
    md5: str | None = None
    source_md5: str | None = None
    original_filename: str | None = None
    exif: ExifTags = Field((), alias="original_exifdata")
    category: str | None = Field(None, alias="category_id")
    tags: tuple[TagName, ...] = ()
    animated: Flag | None = Field(None, alias="is_animated")
    is_360: Flag | None = None
    approved: Flag | None = Field(None, alias="is_approved")
    views: Count | None = None
    likes: Count | None = None
    created_at: Moment | None = Field(None, alias="date_gmt")
    expires_at: Moment | None = Field(None, alias="expiration_date_gmt")
    delete_url: OptionalUrl = Field(None, repr=False)
    original: VariantRow = Field(default_factory=VariantRow, alias="image")
    medium: VariantRow = Field(default_factory=VariantRow)
    thumb: VariantRow = Field(default_factory=VariantRow)

    def to_upload(self) -> Upload:
        """The file in the gateway's own words."""
        rows = {"ORIGINAL": self.original, "MEDIUM": self.medium, "THUMBNAIL": self.thumb}
        fields = {name: value for name, value in self if name not in _VARIANTS}
        return Upload(
            **fields,
            medium_url=self.medium.url,
            thumbnail_url=self.thumb.url,
            variants=tuple(
                UploadVariant(kind, row.url, row.mime_type, row.extension, row.size)
                for kind, row in rows.items()
                if row.url is not None or row.size is not None or row.extension is not None
            ),
        )


_VARIANTS: Final = frozenset({"original", "medium", "thumb"})


class UploadAnswer(TolerantWire):
    """The answer to an upload that was stored."""

    image: Image

    @classmethod
    def prepare(cls, data: object) -> object:
        """`data` with the values that older sites leave out, as far as others tell them (RUN on Chevereto 3)."""
        image = data.get("image") if isinstance(data, dict) else None
        return {**data, "image": completed(image)} if isinstance(data, dict) and isinstance(image, dict) else data


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
