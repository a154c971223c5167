"""What went wrong with a write, as data for the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.errors import ErrorCode, VendorError
from linkweave.models import Link
from linkweave.models.changes import InputProblem

# Leads from the mutation's argument to the field at fault, in snake case.
Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that prevented a write, or a part of it. `existing` is the link that is in the way."""

    code: ErrorCode
    message: str
    path: Path | None = None
    account: Account | None = None
    provider_code: str | None = None
    retry_after: float | None = None
    existing: Link | None = None

    def under(self, prefix: Path) -> "Failure":
        """The same, with `prefix` before its path."""
        return self if self.path is None else replace(self, path=(*prefix, *self.path))


def from_error(error: VendorError, account: Account) -> Failure:
    """A vendor's failure; its path is the field that the vendor names."""
    return Failure(
        error.code,
        error.message,
        None if error.field is None else (error.field,),
        account,
        error.provider_code,
        error.retry_after,
    )


def from_input_problems(objections: Sequence[InputProblem], account: Account) -> tuple[Failure, ...]:
    """Parts of an input that the account's vendor cannot be told."""
    return tuple(Failure(ErrorCode.UNSUPPORTED, each.message, each.path, account) for each in objections)


def unsupported_fields(fields: frozenset[str], account: Account, able: frozenset[str]) -> tuple[Failure, ...]:
    """A failure for each of `fields` that is not among those that the account's vendor can be told."""
    return tuple(
        Failure(ErrorCode.UNSUPPORTED, f"{account.provider.name} cannot be told this field", (field,), account)
        for field in sorted(fields - able)
    )
