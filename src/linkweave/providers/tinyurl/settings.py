"""The configuration of an account at TinyURL."""

from typing import Literal

from linkweave.settings import AccountSettings, Secret


class TinyUrlSettings(AccountSettings):
    """A token of a user. TinyURL lists no domains, so `domains` names them; new links go to the first."""

    provider: Literal["tinyurl"]
    token: Secret
