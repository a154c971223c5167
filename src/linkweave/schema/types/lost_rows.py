"""Errors for lists that lost entries, where the list itself has no sources."""

from linkweave.errors import BadResponseError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.sources import SourceStatus, record_status
from linkweave.models import LeftOut
from linkweave.schema.context import Info, add_error


def report_lost_rows(info: Info, loaders: AccountLoaders, name: str, *key: str) -> None:
    """Adds an error beside the current field, if the facts called `name` and `key` lost entries."""
    report_left_out(info, loaders, name, loaders.left_out(name, *key))


def report_left_out(info: Info, loaders: AccountLoaders, name: str, left_out: LeftOut) -> None:
    """Adds an error beside the current field, if `left_out` has entries. The list has all the others."""
    if left_out.notice is None:
        return
    operation = f"list {name}"
    message = f"{loaders.key}: {left_out.notice} ({operation})"
    add_error(info, BadResponseError(message, account=loaders.key, operation=operation))
    record_status(loaders.account, SourceStatus.PARTIAL)
