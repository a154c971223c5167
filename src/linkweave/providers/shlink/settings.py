"""The configuration of an account at a Shlink server."""

from typing import Literal

from linkweave.settings import Secret, SiteSettings


class ShlinkSettings(SiteSettings):
    """An API key of a Shlink server. The server lists its domains, so that `domains` is not needed."""

    provider: Literal["shlink"]
    api_key: Secret
