"""Uploaded files."""

from datetime import datetime
from enum import Enum

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models.changes import FileSource
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.scalars import URL, Long, as_url
from linkweave.schema.types.owned import Owned


class UploadTarget(Enum):
    """What the short link of an upload redirects to."""

    FILE = "FILE"
    VIEWER = "VIEWER"


class UploadVariantKind(Enum):
    """Which of the files of an upload it is."""

    ORIGINAL = "ORIGINAL"
    MEDIUM = "MEDIUM"
    THUMBNAIL = "THUMBNAIL"


@strawberry.type(description="A file that the provider stores for an upload: the upload itself or a smaller picture.")
class UploadVariant:
    kind: UploadVariantKind = strawberry.field(description="Which of the files it is.")
    url: URL | None = strawberry.field(description="The URL of the file. Null while the upload waits for approval.")
    mime_type: str | None = strawberry.field(description="The media type of the file.")
    extension: str | None = strawberry.field(description="The extension of the file name.")
    size: int | None = strawberry.field(graphql_type=Long | None, description="The size of the file in bytes.")

    @classmethod
    def of(cls, variant: models.UploadVariant) -> "UploadVariant":
        return cls(
            kind=UploadVariantKind(variant.kind),
            url=as_url(variant.url),
            mime_type=variant.mime_type,
            extension=variant.extension,
            size=variant.size,
        )


@strawberry.type(description="One piece of the Exif data that a camera wrote into a picture.")
class ExifTag:
    name: str = strawberry.field(description="The name of the Exif tag, for example Model.")
    value: str = strawberry.field(description="The value as the provider writes it.")


@strawberry.type(
    description=(
        "An uploaded file. The gateway stores its data for at most 30 days, because the provider does not list uploads."
    )
)
class Upload(Owned):
    upload: strawberry.Private[models.Upload]
    name: str = strawberry.field(description="The provider's name for the file.")
    title: str | None = strawberry.field(description="The title of the file.")
    description: str | None = strawberry.field(description="The description of the file.")
    url: URL | None = strawberry.field(description="The URL of the file. Null while the file waits for approval.")
    viewer_url: URL = strawberry.field(description="The URL of the page that shows the file.")
    short_url: URL = strawberry.field(description="The provider's own short URL of that page.")
    thumbnail_url: URL | None = strawberry.field(description="The URL of a small picture.")
    medium_url: URL | None = strawberry.field(description="The URL of a picture of medium size. Null if there is none.")
    frame_url: URL | None = strawberry.field(description="The URL of the first frame of a video.")
    mime_type: str = strawberry.field(description="The media type of the file, for example image/png.")
    extension: str = strawberry.field(description="The extension of the file name.")
    size: int = strawberry.field(graphql_type=Long, description="The size of the file in bytes.")
    width: int | None = strawberry.field(description="The width in pixels.")
    height: int | None = strawberry.field(description="The height in pixels.")
    duration_seconds: int | None = strawberry.field(description="The duration of a video in seconds.")
    md5: str | None = strawberry.field(description="The MD5 checksum of the stored file.")
    original_filename: str | None = strawberry.field(description="The name of the file when it was uploaded.")
    tags: list[str] = strawberry.field(description="The tags of the file at the provider.")
    nsfw: bool = strawberry.field(description="Whether the file is marked as not safe for work.")
    animated: bool | None = strawberry.field(description="Whether the file is an animation.")
    approved: bool | None = strawberry.field(description="Whether the file is approved and visible.")
    views: int | None = strawberry.field(
        graphql_type=Long | None, description="The number of views when the file was uploaded."
    )
    likes: int | None = strawberry.field(
        graphql_type=Long | None, description="The number of likes when the file was uploaded."
    )
    created_at: datetime | None = strawberry.field(description="When the file was uploaded.")
    expires_at: datetime | None = strawberry.field(description="When the provider deletes the file.")
    source_md5: str | None = strawberry.field(
        description="The MD5 checksum of the file as it was sent, if the provider changed it."
    )
    exif: list[ExifTag] = strawberry.field(description="The Exif data of the picture. It may tell where it was taken.")
    category: str | None = strawberry.field(description="The provider's own ID of the category.")
    is360: bool | None = strawberry.field(name="is360", description="Whether it is a panorama of 360 degrees.")
    variants: list[UploadVariant] = strawberry.field(description="The files that the provider stores for the upload.")

    @classmethod
    def of(cls, loaders: AccountLoaders, upload: models.Upload) -> "Upload":
        return cls(
            id=encode_id("Upload", loaders.key, upload.id),
            loaders=loaders,
            upload=upload,
            name=upload.name,
            title=upload.title,
            description=upload.description,
            url=as_url(upload.url),
            viewer_url=URL(upload.viewer_url),
            short_url=URL(upload.short_url),
            thumbnail_url=as_url(upload.thumbnail_url),
            medium_url=as_url(upload.medium_url),
            frame_url=as_url(upload.frame_url),
            mime_type=upload.mime_type,
            extension=upload.extension,
            size=upload.size,
            width=upload.width,
            height=upload.height,
            duration_seconds=upload.duration_seconds,
            md5=upload.md5,
            original_filename=upload.original_filename,
            tags=list(upload.tags),
            nsfw=upload.nsfw,
            animated=upload.animated,
            approved=upload.approved,
            views=upload.views,
            likes=upload.likes,
            created_at=upload.created_at,
            expires_at=upload.expires_at,
            source_md5=upload.source_md5,
            exif=[ExifTag(name=name, value=value) for name, value in upload.exif],
            category=upload.category,
            is360=upload.is_360,
            variants=[UploadVariant.of(each) for each in upload.variants],
        )

    @strawberry.field(
        description=(
            "A URL that deletes the file. Anyone who has it can use it. Null if the caller has no permission to write."
        ),
    )
    def delete_url(self, info: Info) -> URL | None:
        return as_url(self.upload.delete_url) if info.context.session.may_write else None


@strawberry.input(description="Options for a short link to the uploaded file.")
class ShortenUploadInput:
    accounts: list[strawberry.ID] = strawberry.field(
        description=(
            "The accounts in order of preference, as in `createLink`. Each is an account key or an account ID."
        ),
    )
    slug: str | None = strawberry.field(default=None, description="The part of the short URL after the domain.")
    domain: str | None = strawberry.field(default=None, description="The short domain.")
    title: str | None = strawberry.field(default=None, description="The title of the link.")
    tags: list[str] | None = strawberry.field(default=None, description="The tags of the link.")
    target: UploadTarget | None = strawberry.field(default=UploadTarget.FILE, description="What the link redirects to.")


@strawberry.input(
    description="A file to upload. Give exactly one of `file`, `base64` and `url`.",
)
class UploadFileInput:
    account: strawberry.ID = strawberry.field(description="The key or the ID of the account.")
    file: FileSource | None = strawberry.field(default=None, description="The file, as a part of a multipart request.")
    base64: str | None = strawberry.field(default=None, description="The file in Base64. Use it for small files only.")
    url: URL | None = strawberry.field(default=None, description="The URL from which the provider downloads the file.")
    title: str | None = strawberry.field(default=None, description="The title of the file.")
    description: str | None = strawberry.field(default=None, description="The description of the file.")
    tags: list[str] | None = strawberry.field(default=None, description="The tags of the file.")
    album: str | None = strawberry.field(default=None, description="The provider's own ID of an album.")
    category: str | None = strawberry.field(default=None, description="The provider's own ID of a category.")
    width: int | None = strawberry.field(default=None, description="The width in pixels to resize the picture to.")
    expires_in: str | None = strawberry.field(
        default=None,
        description="The time until the provider deletes the file. It is an ISO 8601 duration, for example P3D.",
    )
    nsfw: bool | None = strawberry.field(default=None, description="Whether the file is not safe for work.")
    use_file_date: bool | None = strawberry.field(
        default=None,
        description="Whether the date in the file's Exif data becomes its upload date. Administrators only.",
    )
    shorten: ShortenUploadInput | None = strawberry.field(
        default=None,
        description="Options for a short link. Without them the gateway creates none.",
    )
