"""One change at one account, whose failure is returned as data."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.session import Session
from linkweave.gather.writing.failures import Failure, Path, from_error
from linkweave.models import Capability
from linkweave.schema.inputs.parsing import find_account
from linkweave.schema.types.payloads import INPUT, UserError, input_failure, user_errors

T = TypeVar("T")
Writer = TypeVar("Writer")


@dataclass(frozen=True, slots=True)
class WriteOutcome(Generic[T]):
    """The value that a change returned, or its failure. `loaders` is None if the account is unknown."""

    value: T | None = None
    loaders: AccountLoaders | None = None
    failure: Failure | None = None

    def errors(self, prefix: Path = INPUT) -> list[UserError]:
        """Returns the failure as a list of at most one error, with its path under `prefix`."""
        return [] if self.failure is None else user_errors([self.failure], prefix)


async def write(
    session: Session,
    account: str,
    needed: tuple[type[Writer], Capability],
    change: Callable[[Writer], Awaitable[T]],
) -> WriteOutcome[T]:
    """Makes a change at the account with this key or ID, as `write_at` does."""
    try:
        loaders = find_account(session, "account", account)
    except InvalidInputError as error:
        return WriteOutcome(failure=input_failure(error))
    return await write_at(loaders, needed, change)


async def write_at(
    loaders: AccountLoaders, needed: tuple[type[Writer], Capability], change: Callable[[Writer], Awaitable[T]]
) -> WriteOutcome[T]:
    """Makes a change with the adapter of an account, if it has the `needed` capability.

    It invalidates what the request has read of the account.
    """
    adapter, (writer_type, capability) = loaders.account.adapter, needed
    try:
        if not isinstance(adapter, writer_type):
            raise unsupported_capability(loaders.account, capability)
        value = await change(adapter)
    except VendorError as error:
        return WriteOutcome(loaders=loaders, failure=from_error(error, loaders.account))
    finally:
        loaders.invalidate()
    return WriteOutcome(value, loaders)
