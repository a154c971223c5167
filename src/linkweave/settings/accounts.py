"""What every `[[accounts]]` table has."""

from pydantic import Field

from linkweave.settings.lifetimes import FreshSeconds
from linkweave.settings.values import MAX_DEADLINE_SECONDS, BaseUrl, DomainName, Frozen, Key


class AccountSettings(Frozen):
    """What every account has. A provider's own settings add its credentials.

    `timeout_seconds` bounds one call that reads; one that writes has the operation's whole time. `domains` are the
    short domains that the account owns, for providers that cannot list them. `fresh_seconds` goes before that of
    `[cache]`. What is `warm` is asked for before anybody does, and again before it is stale.
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

    @property
    def home_domain(self) -> str | None:
        """The domain of a link for which none is named, as far as the settings tell."""
        return next(iter(self.domains), None)
