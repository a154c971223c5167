"""Accounts with a credential, for tests of settings."""

from linkweave.settings import AccountSettings, Secret

SECRET = "nobody-may-see-this"


class Keyed(AccountSettings):
    """An account with a credential."""

    token: Secret


def account(**changes: object) -> Keyed:
    return Keyed.model_validate({"key": "main", "provider": "any", "token": "t", **changes})
