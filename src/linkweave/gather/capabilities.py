"""What an account's provider offers, and the error where it does not offer it."""

from typing import ClassVar, Protocol, TypeVar

from linkweave.accounts import Account
from linkweave.errors import UnsupportedError
from linkweave.models import Capability


class HasCapability(Protocol):
    """A base class of adapters that stands for one capability, such as CanListTags."""

    capability: ClassVar[Capability]


Kind = TypeVar("Kind", bound=HasCapability)


def require_capability(account: Account, kind: type[Kind]) -> Kind:
    """Returns the adapter of `account` as `kind`.

    Raises:
        UnsupportedError: the provider does not offer the capability.
    """
    adapter = account.adapter
    if not isinstance(adapter, kind):
        raise unsupported_capability(account, kind.capability)
    return adapter


def unsupported_capability(account: Account, capability: Capability) -> UnsupportedError:
    """Returns the error that says that the account's provider does not offer `capability`."""
    operation = capability.value.lower().replace("_", " ")
    return UnsupportedError(
        f"{account.provider.name} does not offer this ({operation})",
        account=account.key,
        operation=operation,
    )
