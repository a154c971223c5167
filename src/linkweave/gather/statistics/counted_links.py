"""The links whose clicks are counted, and the accounts of which some are missing."""

from dataclasses import dataclass

from linkweave.accounts import Account
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A link whose clicks are counted."""

    loaders: AccountLoaders
    handle: str


@dataclass(frozen=True, slots=True)
class IncompleteAccount:
    """An account of which some links are not counted, the reason, and the error where one is the reason."""

    account: Account
    reason: str
    error: VendorError | None = None
