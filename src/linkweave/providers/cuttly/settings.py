"""Settings of a Cutt.ly account."""

from typing import Final, Literal

from linkweave.settings import AccountSettings, DomainName, Secret

CUTTLY_DOMAIN: Final = "cutt.ly"


class CuttlySettings(AccountSettings):
    """A team at Cutt.ly. The API lists no domains, so `domains` names those of the team."""

    provider: Literal["cuttly"]
    api_key: Secret
    plan: Literal["team", "team-enterprise"] = "team"
    domains: tuple[DomainName, ...] = (CUTTLY_DOMAIN,)
