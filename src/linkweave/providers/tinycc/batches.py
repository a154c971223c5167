"""What all writes to several links share: calls one after the other, and answers with an error per item."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from linkweave.errors import UnavailableError, VendorError
from linkweave.models.changes import WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.single_reads import FIRST_CALLS
from linkweave.providers.tinycc.links import to_link, told
from linkweave.providers.tinycc.refusals import item_error
from linkweave.providers.tinycc.wire import ShortLink
from linkweave.transport.call import Call

OUT_OF_ORDER: Final = "the answer does not follow the order of what was asked"

Key = TypeVar("Key")
Result = TypeVar("Result")


async def in_turn(
    vendor: Adapter,
    operation: str,
    groups: Iterable[tuple[Key, ...]],
    send: Callable[[tuple[Key, ...]], Awaitable[Sequence[Result | VendorError]]],
) -> dict[Key, Result | VendorError]:
    """What came of each key, group after group; `send` makes the call of a group and gives a result per key.

    A call that fails is the result of all its keys. After several failures in a row nothing more is sent.
    """
    results: dict[Key, Result | VendorError] = {}
    failures = 0
    for keys in groups:
        answers: Sequence[Result | VendorError]
        if failures == FIRST_CALLS:
            answers = [_not_asked(vendor, operation)] * len(keys)
        else:
            try:
                answers, failures = await send(keys), 0
            except VendorError as error:
                answers, failures = [error] * len(keys), failures + 1
        results |= zip(keys, answers, strict=True)
    return results


def written(vendor: Adapter, call: Call, item: Mapping[str, Any], at: datetime) -> WrittenLink | VendorError:
    """The link or the error that an item of an answer holds; one of another shape is an error of its own."""
    error = item_error(item, vendor.account, call.operation)
    if error is not None:
        return error
    try:
        entry = vendor.parse(ShortLink, item, call)
    except VendorError as problem:
        return problem
    return WrittenLink(to_link(entry, at), told(entry))


def hash_of(item: Mapping[str, Any]) -> str | None:
    """The hash that an item names: a link's own, or in a failed item the one that was asked for (DOC)."""
    slug = item.get("hash", item.get("custom_hash"))
    # As in every shape of this vendor's, a number does for a text.
    return str(slug) if isinstance(slug, str | int) else None


def or_raise(result: Result | VendorError) -> Result:
    """The result of a single write.

    Raises:
        VendorError: it is one.
    """
    if isinstance(result, VendorError):
        raise result
    return result


def _not_asked(vendor: Adapter, operation: str) -> VendorError:
    message = f"{vendor.account} was not asked, because its last {FIRST_CALLS} calls failed ({operation})"
    return UnavailableError(message, account=vendor.account, operation=operation)
