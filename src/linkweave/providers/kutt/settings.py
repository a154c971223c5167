"""The configuration of an account at a Kutt site."""

from typing import Literal

from linkweave.settings import Secret, SiteSettings


class KuttSettings(SiteSettings):
    """A user of a Kutt site.

    The first of `domains` is the site's default domain, which the API does not list.
    """

    provider: Literal["kutt"]
    api_key: Secret
