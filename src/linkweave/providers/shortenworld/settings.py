"""Settings of a ShortenWorld account."""

from typing import Literal

from pydantic import Field

from linkweave.settings import AccountSettings, Secret


class ShortenWorldSettings(AccountSettings):
    """The name (not the e-mail address) and the API key with which tokens are got.

    `calls_per_minute` is the limit of the account's plan, which the vendor shows on its own pages only; without
    it the gateway keeps no limit of its own.
    """

    provider: Literal["shortenworld"]
    username: str = Field(min_length=1)
    api_key: Secret
    calls_per_minute: int | None = Field(default=None, ge=1)
