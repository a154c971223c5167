"""The configuration of a Chevereto account."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkweave.settings import AccountSettings, Secret

FileType = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9]{1,16}$")]


class CheveretoSettings(AccountSettings):
    """An account at pic.li or at another site that runs Chevereto.

    A site limits uploads by numbers that it does not publish; `calls_per_minute` keeps the gateway below a known limit.
    `max_file_bytes` and `file_types` are what the site takes. The defaults are pic.li's (DOC: "AVIF JPG JPEG PNG BMP
    GIF WEBP max 20 MB"; Chevereto's megabyte has 1,000,000 bytes, FOUND in its source).
    """

    provider: Literal["chevereto"]
    api_key: Secret
    calls_per_minute: int | None = Field(default=None, gt=0)
    max_file_bytes: int = Field(default=20_000_000, gt=0)
    file_types: tuple[FileType, ...] = Field(default=("avif", "jpg", "jpeg", "png", "bmp", "gif", "webp"), min_length=1)
