"""Uploaded files."""

from datetime import datetime
from enum import Enum

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models.changes import FileSource
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.scalars import URL, as_url
from linkweave.schema.types.owned import Owned


class UploadTarget(Enum):
    """What the short link of an upload leads to."""

    FILE = "FILE"
    VIEWER = "VIEWER"


@strawberry.type(description="An uploaded file. The gateway remembers it for 30 days at most; the provider lists none.")
class Upload(Owned):
    known: strawberry.Private[models.Upload]
    name: str = strawberry.field(description="The provider's name of the file.")
    title: str | None = strawberry.field(description="The title.")
    description: str | None = strawberry.field(description="The description.")
    url: URL | None = strawberry.field(description="The file itself; null while it waits for approval.")
    viewer_url: URL = strawberry.field(description="The page that shows it.")
    short_url: URL = strawberry.field(description="The provider's own short address of that page.")
    thumbnail_url: URL | None = strawberry.field(description="A small picture of it.")
    medium_url: URL | None = strawberry.field(description="A picture of medium size, where there is one.")
    frame_url: URL | None = strawberry.field(description="The first frame of a video.")
    mime_type: str = strawberry.field(description="What it is, e.g. image/png.")
    extension: str = strawberry.field(description="The file name's ending.")
    size: int = strawberry.field(description="In bytes.")
    width: int | None = strawberry.field(description="In pixels.")
    height: int | None = strawberry.field(description="In pixels.")
    duration_seconds: int | None = strawberry.field(description="Of a video.")
    md5: str | None = strawberry.field(description="Checksum of the file as it is stored.")
    original_filename: str | None = strawberry.field(description="The name that it was sent with.")
    tags: list[str] = strawberry.field(description="Its tags at the provider.")
    nsfw: bool = strawberry.field(description="Marked as not safe for work.")
    animated: bool | None = strawberry.field(description="Whether it is an animation.")
    approved: bool | None = strawberry.field(description="Whether it may be seen.")
    views: int | None = strawberry.field(description="How often it had been seen.")
    likes: int | None = strawberry.field(description="How many liked it.")
    created_at: datetime | None = strawberry.field(description="When it was uploaded.")
    expires_at: datetime | None = strawberry.field(description="When the provider deletes it.")

    @classmethod
    def of(cls, loaders: AccountLoaders, known: models.Upload) -> "Upload":
        return cls(
            id=encode_id("Upload", loaders.key, known.id),
            loaders=loaders,
            known=known,
            name=known.name,
            title=known.title,
            description=known.description,
            url=as_url(known.url),
            viewer_url=URL(known.viewer_url),
            short_url=URL(known.short_url),
            thumbnail_url=as_url(known.thumbnail_url),
            medium_url=as_url(known.medium_url),
            frame_url=as_url(known.frame_url),
            mime_type=known.mime_type,
            extension=known.extension,
            size=known.size,
            width=known.width,
            height=known.height,
            duration_seconds=known.duration_seconds,
            md5=known.md5,
            original_filename=known.original_filename,
            tags=list(known.tags),
            nsfw=known.nsfw,
            animated=known.animated,
            approved=known.approved,
            views=known.views,
            likes=known.likes,
            created_at=known.created_at,
            expires_at=known.expires_at,
        )

    @strawberry.field(
        description="Whoever has this URL can delete the file: null unless the caller may write.",
    )
    def delete_url(self, info: Info) -> URL | None:
        return as_url(self.known.delete_url) if info.context.session.may_write else None


@strawberry.input(description="A short link to the uploaded file.")
class ShortenUploadInput:
    accounts: list[strawberry.ID] = strawberry.field(
        description="Accounts in order of preference, by key or by id, as in `createLink`.",
    )
    slug: str | None = strawberry.field(default=None, description="What follows the domain.")
    domain: str | None = strawberry.field(default=None, description="The short domain.")
    title: str | None = strawberry.field(default=None, description="The link's title.")
    tags: list[str] | None = strawberry.field(default=None, description="The link's tags.")
    target: UploadTarget | None = strawberry.field(default=UploadTarget.FILE, description="What the link leads to.")


@strawberry.input(
    description="A file to be uploaded: exactly one of file, base64 and url. A file is passed on in pieces, never held "
    "whole in memory.",
)
class UploadFileInput:
    account: strawberry.ID = strawberry.field(description="The account, by key or by id.")
    file: FileSource | None = strawberry.field(default=None, description="The file, as a part of a multipart request.")
    base64: str | None = strawberry.field(default=None, description="The file in base64, for small files.")
    url: URL | None = strawberry.field(default=None, description="Where the provider is to fetch it.")
    title: str | None = strawberry.field(default=None, description="The title.")
    description: str | None = strawberry.field(default=None, description="The description.")
    tags: list[str] | None = strawberry.field(default=None, description="Tags.")
    album: str | None = strawberry.field(default=None, description="The provider's own id of an album.")
    category: str | None = strawberry.field(default=None, description="The provider's own id of a category.")
    width: int | None = strawberry.field(default=None, description="Resize to this width in pixels.")
    expires_in: str | None = strawberry.field(default=None, description="ISO 8601 duration, e.g. P3D.")
    nsfw: bool | None = strawberry.field(default=None, description="Mark as not safe for work.")
    use_file_date: bool | None = strawberry.field(
        default=None, description="Date it by its Exif data (administrators)."
    )
    shorten: ShortenUploadInput | None = strawberry.field(
        default=None,
        description="Also make a short link to the uploaded file.",
    )
