"""The keys that every `[[accounts]]` table has."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from linkweave.settings.lifetimes import FreshSeconds
from linkweave.settings.network import FilePath, ProxyUrl
from linkweave.settings.values import MAX_DEADLINE_SECONDS, BaseUrl, DomainName, Key, SettingsModel

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


class AccountSettings(SettingsModel):
    """What every account has. The settings of its provider add the credentials.

    A call that reads has `timeout_seconds`; a write has the whole time of its operation. `domains` are the short
    domains of the account, for providers that cannot list them. `fresh_seconds` takes precedence over that of
    `[cache]`. The first pages of a `warm` account are fetched before a caller needs them, and again before they expire.
    `proxy` takes precedence over that of `[network]`; `ca_file` is trusted besides that of `[network]`.
    """

    key: Key
    provider: str
    label: str | None = None
    plan: str | None = None
    base_url: BaseUrl | None = None
    domains: tuple[DomainName, ...] = ()
    timeout_seconds: float = Field(default=5, gt=0, le=MAX_DEADLINE_SECONDS)
    fresh_seconds: FreshSeconds | None = None
    warm: bool = False
    proxy: ProxyUrl | None = None
    ca_file: FilePath | None = None

    @property
    def home_domain(self) -> str | None:
        """The domain of a link for which none is named; None if the settings have none."""
        return next(iter(self.domains), None)


class SiteSettings(AccountSettings):
    """An account at a site of its own, for software that people host themselves.

    `base_url` is the site's address, with or without the path of its API. Where `domains` is left out, the host of
    `base_url` is the short domain.
    """

    base_url: BaseUrl

    @model_validator(mode="before")
    @classmethod
    def _take_domain_from_address(cls, table: Any) -> Any:
        if not isinstance(table, Mapping) or "domains" in table or not isinstance(table.get("base_url"), str):
            return table
        try:
            parts = urlsplit(table["base_url"])
        except ValueError:
            return table
        host = parts.netloc.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))
        return {**table, "domains": (host,)} if host else table
