"""The results of creates that are not made, or not made again, because of their idempotency key."""

from datetime import UTC, datetime
from math import ceil
from typing import Final

from linkweave.errors import ErrorCode, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.writing.create_links import CreateCommand, CreateResult
from linkweave.gather.writing.failures import Failure
from linkweave.storage.outages import StoreDownError

_KEY_PATH: Final = ("idempotency_key",)


def _conflict(command: CreateCommand, message: str) -> CreateResult:
    return CreateResult(command.accounts[0], None, (Failure(ErrorCode.CONFLICT, message, _KEY_PATH),))


def refuse_other_input(command: CreateCommand) -> CreateResult:
    """Another input was sent with the key before."""
    return _conflict(
        command, "this idempotencyKey was used with another input; use a new key, or send the same input again"
    )


def refuse_in_progress(command: CreateCommand) -> CreateResult:
    """Another request has the key at this moment."""
    return _conflict(
        command, "another request with this idempotencyKey is in progress; send the same request again after it"
    )


def refuse_unstored(command: CreateCommand, error: StoreDownError) -> CreateResult:
    """The key could not be stored, so no vendor was called."""
    message = (
        "the cache server cannot store this idempotencyKey now, so the link was not created; "
        "send the same request again"
    )
    failure = Failure(ErrorCode.UNAVAILABLE, message, _KEY_PATH, retry_after=error.retry_after)
    return CreateResult(command.accounts[0], None, (failure,))


def refuse_unclear(command: CreateCommand, error: VendorError | None) -> CreateResult:
    """The link was not found, and not every link was compared: because of `error`, or because there are too many."""
    advice = (
        "the vendor cannot tell whether it did; look for the link, and use a new key to create one all the same"
        if error is None
        else "the vendor could not be asked whether it did; send the same request again later"
    )
    message = f"an earlier attempt with this idempotencyKey may have created the link, and {advice}"
    loaders, wait = command.accounts[0], None if error is None else error.retry_after
    failure = Failure(ErrorCode.AMBIGUOUS, message, _KEY_PATH, loaders.account, retry_after=wait)
    return CreateResult(loaders, None, (failure,))


def refuse_not_shown_yet(command: CreateCommand, shown_at: float, now: float) -> CreateResult:
    """The link was not found, and the vendor's reads may not show it before `shown_at`."""
    time = datetime.fromtimestamp(ceil(shown_at), UTC).isoformat().replace("+00:00", "Z")
    message = (
        "an earlier attempt with this idempotencyKey may have created the link, and the vendor may not show it before "
        f"{time}; send the same request again after that"
    )
    loaders = command.accounts[0]
    wait = float(ceil(shown_at - now))
    failure = Failure(ErrorCode.AMBIGUOUS, message, _KEY_PATH, loaders.account, retry_after=wait)
    return CreateResult(loaders, None, (failure,))


def refuse_missing(loaders: AccountLoaders, seconds_until_shown: float) -> CreateResult:
    """The link that the key created is not found: it is gone, or the vendor does not show it yet."""
    if seconds_until_shown > 0:
        message, code = "the vendor does not show yet the link that this idempotencyKey created", ErrorCode.UNAVAILABLE
        failure = Failure(code, message, account=loaders.account, retry_after=float(ceil(seconds_until_shown)))
    else:
        message = "the link that this idempotencyKey created does not exist any more"
        failure = Failure(ErrorCode.NOT_FOUND, message, account=loaders.account)
    return CreateResult(loaders, None, (failure,))
