"""Uploaded files."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UploadVariant:
    """A file that the vendor stores for an upload: the upload itself, or a smaller picture. `size` is in bytes."""

    kind: str
    url: str | None = None
    mime_type: str | None = None
    extension: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file. `url` is None while the file waits for approval. `delete_url` lets anyone delete the file."""

    id: str
    name: str
    viewer_url: str
    short_url: str
    mime_type: str
    extension: str
    size: int
    nsfw: bool
    title: str | None = None
    description: str | None = None
    url: str | None = None
    thumbnail_url: str | None = None
    medium_url: str | None = None
    frame_url: str | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: int | None = None
    md5: str | None = None
    original_filename: str | None = None
    tags: tuple[str, ...] = ()
    animated: bool | None = None
    approved: bool | None = None
    views: int | None = None
    likes: int | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    source_md5: str | None = None
    exif: tuple[tuple[str, str], ...] = ()
    category: str | None = None
    is_360: bool | None = None
    variants: tuple[UploadVariant, ...] = ()
    delete_url: str | None = field(default=None, repr=False)
