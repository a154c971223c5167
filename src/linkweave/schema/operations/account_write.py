"""One write at one account, with whatever went wrong as data."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.session import Session
from linkweave.gather.writing.failures import Failure, Path, from_error
from linkweave.models import Capability
from linkweave.schema.inputs.parsing import account_of
from linkweave.schema.types.payloads import INPUT, UserError, errors_of, wrong_input

T = TypeVar("T")
Able = TypeVar("Able")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a write gave, or why it did not. `loaders` is the account, where it is known."""

    value: T | None = None
    loaders: AccountLoaders | None = None
    failure: Failure | None = None

    def errors(self, prefix: Path = INPUT) -> list[UserError]:
        """The failure as data, its path under `prefix`."""
        return [] if self.failure is None else errors_of([self.failure], prefix)


async def write(
    session: Session,
    account: str,
    able: tuple[type[Able], Capability],
    do: Callable[[Able], Awaitable[T]],
) -> Outcome[T]:
    """`write_at` the account that a caller names."""
    try:
        loaders = account_of(session, "account", account)
    except InvalidInputError as error:
        return Outcome(failure=wrong_input(error))
    return await write_at(loaders, able, do)


async def write_at(
    loaders: AccountLoaders, able: tuple[type[Able], Capability], do: Callable[[Able], Awaitable[T]]
) -> Outcome[T]:
    """`do` with the adapter of an account, if it is `able`; what the request knew of the account is forgotten."""
    adapter, (kind, capability) = loaders.account.adapter, able
    try:
        if not isinstance(adapter, kind):
            raise unsupported_capability(loaders.account, capability)
        value = await do(adapter)
    except VendorError as error:
        return Outcome(loaders=loaders, failure=from_error(error, loaders.account))
    finally:
        loaders.invalidate()
    return Outcome(value, loaders)
