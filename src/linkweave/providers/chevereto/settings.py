"""What a Chevereto account needs in the configuration."""

from typing import Literal

from pydantic import Field

from linkweave.settings import AccountSettings, Secret


class CheveretoSettings(AccountSettings):
    """An account at pic.li or at another site that runs Chevereto.

    A site protects itself against floods by numbers of its own, which it tells nobody; `calls_per_minute` keeps
    the gateway below them where they are known.
    """

    provider: Literal["chevereto"]
    api_key: Secret
    calls_per_minute: int | None = Field(default=None, gt=0)
