"""The scopes of a caller, and the accounts that it may see."""

from dataclasses import dataclass

from linkweave.settings import Scope


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may do. Callers with equal rights get equal answers.

    `accounts` are the keys of the accounts that the caller may see; None stands for all.
    """

    scopes: frozenset[Scope] = frozenset(Scope)
    accounts: frozenset[str] | None = None

    def may_see(self, account: str) -> bool:
        """Returns whether the caller may see the account with this key."""
        return self.accounts is None or account in self.accounts

    @property
    def view(self) -> str:
        """The accounts as text: equal for callers who see the same accounts."""
        return "*" if self.accounts is None else " ".join(sorted(self.accounts))


FULL_RIGHTS = Rights()
