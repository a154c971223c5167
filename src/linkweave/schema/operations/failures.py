"""Errors as data of a payload."""

from linkweave.errors import InvalidInputError, LinkweaveError, VendorError
from linkweave.gather.session import Session
from linkweave.gather.writing.failures import Failure, from_error
from linkweave.schema.types.payloads import input_failure


def failure_of(session: Session, error: LinkweaveError) -> Failure:
    """Returns an error as a failure of a payload."""
    if isinstance(error, InvalidInputError):
        return input_failure(error)
    if isinstance(error, VendorError) and error.account in session.accounts:
        return from_error(error, session.accounts[error.account].account)
    return Failure(error.code, error.message)
