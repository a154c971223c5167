"""What a caller may do, and which accounts exist for it."""

from dataclasses import dataclass

from linkweave.settings import Scope


@dataclass(frozen=True, slots=True)
class Rights:
    """Who has the same rights gets the same answers; the name of the caller is no part of them.

    `accounts` are the keys of those that the caller may see, None for all.
    """

    scopes: frozenset[Scope] = frozenset(Scope)
    accounts: frozenset[str] | None = None

    def may_see(self, account: str) -> bool:
        """Whether the account called so exists for the caller."""
        return self.accounts is None or account in self.accounts

    @property
    def view(self) -> str:
        """The accounts in words, the same words for the same accounts."""
        return "*" if self.accounts is None else " ".join(sorted(self.accounts))


FULL_RIGHTS = Rights()
