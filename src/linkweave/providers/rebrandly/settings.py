"""The configuration of a Rebrandly account."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from linkweave.settings import AccountSettings, Secret


class RebrandlySettings(AccountSettings):
    """An API key of a user. Without `workspace`, calls go to the user's default workspace."""

    provider: Literal["rebrandly"]
    api_key: Secret
    workspace: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")] | None = None
