"""Deleting links and forgetting clicks: by name, one call for those of a domain."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from linkweave.errors import AmbiguousError, RejectedError, VendorError
from linkweave.models import Link
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc.batches import in_turn
from linkweave.providers.tinycc.fetching import look
from linkweave.providers.tinycc.handles import LinkName, grouped
from linkweave.providers.tinycc.refusals import no_such_link
from linkweave.providers.tinycc.wire import Done
from linkweave.transport.call import Call, Pairs

_DELETE: Final = "delete links"
_RESET: Final = "reset statistics"


async def delete(vendor: Adapter, handles: Sequence[str]) -> dict[str, VendorError | None]:
    """Delete links, and look which are still there: the vendor keeps protected ones without a word (DOC)."""

    async def send(names: tuple[LinkName, ...]) -> Sequence[VendorError | None]:
        await vendor.fetch(Done, _to_call(_DELETE, "/urls", names))
        kept = await _look(vendor, names)
        return [_kept(vendor, kept[name]) if name in kept else None for name in names]

    return await _to_each(vendor, _DELETE, handles, send)


async def reset(vendor: Adapter, handles: Sequence[str]) -> dict[str, VendorError | None]:
    """Forget the clicks of links."""

    async def send(names: tuple[LinkName, ...]) -> Sequence[VendorError | None]:
        await vendor.fetch(Done, _to_call(_RESET, "/stats", names))
        return [None] * len(names)

    return await _to_each(vendor, _RESET, handles, send)


async def _to_each(
    vendor: Adapter,
    operation: str,
    handles: Sequence[str],
    send: Callable[[tuple[LinkName, ...]], Awaitable[Sequence[VendorError | None]]],
) -> dict[str, VendorError | None]:
    names = {handle: LinkName.parse(handle) for handle in handles}
    existing = dict.fromkeys(name for name in names.values() if name is not None)
    results = await in_turn(vendor, operation, grouped(existing, lambda name: name), send)
    nowhere = no_such_link(vendor.account, operation)
    return {handle: nowhere if name is None else results[name] for handle, name in names.items()}


def _to_call(operation: str, path: str, names: tuple[LinkName, ...]) -> Call:
    query: Pairs = (("domain", names[0].domain),)
    if len(names) == 1:
        path = f"{path}/{quote(names[0].slug, safe='')}"
    else:
        query = (*query, ("hashes", ",".join(name.slug for name in names)))
    return Call(operation, "DELETE", path, query, writes=True)


async def _look(vendor: Adapter, names: tuple[LinkName, ...]) -> Mapping[LinkName, Link]:
    """Those of `names` that are still there.

    Raises:
        AmbiguousError: it could not be found out, so that nobody knows which were deleted.
    """
    try:
        return await look(vendor, names)
    except VendorError:
        message = f"{vendor.account}: deleted unless protected, which could not be checked ({_DELETE})"
    raise AmbiguousError(message, account=vendor.account, operation=_DELETE)


def _kept(vendor: Adapter, link: Link) -> RejectedError:
    problem, field = ("the link is protected", "protected") if link.protected else ("the link is still there", None)
    return RejectedError(
        f"{vendor.account}: {problem} ({_DELETE})", account=vendor.account, operation=_DELETE, field=field
    )
