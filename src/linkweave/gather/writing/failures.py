"""The failures of a write, as data for the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.errors import ErrorCode, VendorError
from linkweave.models import Link
from linkweave.models.changes import InputProblem

# The path from the mutation's argument to the field at fault, in snake case.
Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason why a write, or a part of it, did not happen. `existing` is the link that is in the way."""

    code: ErrorCode
    message: str
    path: Path | None = None
    account: Account | None = None
    provider_code: str | None = None
    retry_after: float | None = None
    existing: Link | None = None

    def under(self, prefix: Path) -> "Failure":
        """Returns the failure with `prefix` before its path."""
        return self if self.path is None else replace(self, path=(*prefix, *self.path))


def from_error(error: VendorError, account: Account) -> Failure:
    """Returns a vendor's error as a failure. Its path is the field that the vendor names."""
    return Failure(
        error.code,
        error.message,
        None if error.field is None else (error.field,),
        account,
        error.provider_code,
        error.retry_after,
    )


def from_input_problems(objections: Sequence[InputProblem], account: Account) -> tuple[Failure, ...]:
    """Returns a failure for each part of an input that the account's vendor cannot take."""
    codes = {True: ErrorCode.INVALID_INPUT, False: ErrorCode.UNSUPPORTED}
    return tuple(Failure(codes[each.is_invalid], each.message, each.path, account) for each in objections)


def from_loss(loss: InputProblem, account: Account) -> Failure:
    """Returns the failure for a part of an input that the vendor left out of what it made, or may have left out."""
    code = ErrorCode.AMBIGUOUS if loss.is_uncertain else ErrorCode.REJECTED
    return Failure(code, f"{account.key}: {loss.message}", loss.path, account)


def unsupported_fields(fields: frozenset[str], account: Account, supported: frozenset[str]) -> tuple[Failure, ...]:
    """Returns a failure for each of `fields` that is not in `supported`."""
    return _unsupported(fields - supported, account, "does not support this field")


def unclearable_fields(fields: frozenset[str], account: Account, clearable: frozenset[str]) -> tuple[Failure, ...]:
    """Returns a failure for each of `fields` to clear that is not in `clearable`."""
    return _unsupported(fields - clearable, account, "cannot clear this field; give it a value, or leave it out")


def _unsupported(fields: frozenset[str], account: Account, problem: str) -> tuple[Failure, ...]:
    message = f"{account.provider.name} {problem}"
    return tuple(Failure(ErrorCode.UNSUPPORTED, message, (field,), account) for field in sorted(fields))
