"""What a Chevereto account needs in the configuration."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkweave.settings import AccountSettings, Secret

FileType = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9]{1,16}$")]


class CheveretoSettings(AccountSettings):
    """An account at pic.li or at another site that runs Chevereto.

    A site protects itself against floods by numbers of its own, which it tells nobody; `calls_per_minute` keeps
    the gateway below them where they are known. `max_file_bytes` and `file_types` are what the site takes; the
    defaults are pic.li's (DOC: "AVIF JPG JPEG PNG BMP GIF WEBP max 20 MB"; a megabyte of Chevereto's is 1,000,000
    bytes, FOUND in its source).
    """

    provider: Literal["chevereto"]
    api_key: Secret
    calls_per_minute: int | None = Field(default=None, gt=0)
    max_file_bytes: int = Field(default=20_000_000, gt=0)
    file_types: tuple[FileType, ...] = Field(default=("avif", "jpg", "jpeg", "png", "bmp", "gif", "webp"), min_length=1)
