"""The configuration of an account at tiny.cc."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from linkweave.settings import AccountSettings, DomainName, Secret

# HTTP Basic ends the name at the first colon.
Username = Annotated[str, StringConstraints(pattern=r"^[^:]+$")]


class TinyccSettings(AccountSettings):
    """An account of tiny.cc or of another host of its software.

    `domain` is the working domain where a request names none. It also counts as the account's default domain, in place
    of the vendor's.
    """

    provider: Literal["tinycc"]
    username: Username
    api_key: Secret
    domain: DomainName | None = None

    @property
    def home_domain(self) -> str | None:
        """The working domain, or else the first of `domains`."""
        return self.domain or super().home_domain
