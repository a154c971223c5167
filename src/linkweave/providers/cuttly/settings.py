"""What a Cutt.ly account needs in the configuration."""

from typing import Literal

from linkweave.settings import AccountSettings, DomainName, Secret


class CuttlySettings(AccountSettings):
    """A team at Cutt.ly. The API lists no domains, so those that the team owns are named in `domains`."""

    provider: Literal["cuttly"]
    api_key: Secret
    plan: Literal["team", "team-enterprise"] = "team"
    domains: tuple[DomainName, ...] = ("cutt.ly",)
