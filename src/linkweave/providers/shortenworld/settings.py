"""Settings of a ShortenWorld account."""

from typing import Literal

from pydantic import Field

from linkweave.settings import AccountSettings, Secret


class ShortenWorldSettings(AccountSettings):
    """The user name (not the e-mail address) and the API key with which tokens are got.

    `calls_per_minute` is the limit of the account's plan, which only the vendor's own pages show. Without it the
    gateway has no limit of its own.
    """

    provider: Literal["shortenworld"]
    username: str = Field(min_length=1)
    api_key: Secret
    calls_per_minute: int | None = Field(default=None, ge=1)
