"""Reads the links that hints name: nothing of a webhook is shown before its vendor has confirmed the link."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from linkweave.accounts import Account
from linkweave.context.cache_control import bypass_cache
from linkweave.context.call_context import use_background_priority
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.operation_record import OperationRecord
from linkweave.errors import NotFoundError, VendorError
from linkweave.gather.cached_links import get_links
from linkweave.gather.capabilities import require_capability
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers.read_capabilities import CanGetLinks
from linkweave.providers.webhook_capabilities import HintKind, LinkHint

READ_SECONDS: Final = 25.0
"""Maximum number of seconds that the calls of one reading take."""
# Callers' own questions to the vendor pass first, and have the other half of its rate.
_SHARE_OF_RATE: Final = 0.5

# The link by what names it; None where the vendor has no such link, and the error where it did not say.
HintedLinks: TypeAlias = Mapping[tuple[str, ...], Link | VendorError | None]


async def read_hinted_links(account: Account, hints: Sequence[LinkHint]) -> HintedLinks:
    """Returns the link of each of `hints`, behind callers' questions and within the vendor's limits.

    A link that was only clicked may come from the cache.
    """
    named = {hint.name: hint for hint in hints if hint.kind is HintKind.CLICKED}
    changed = {hint.name: hint for hint in hints if hint.kind is not HintKind.CLICKED}
    operation = OperationContext(record=OperationRecord())
    with (
        use_operation(operation),
        use_background_priority(_SHARE_OF_RATE),
        use_deadline(READ_SECONDS, account.adapter.clock),
    ):
        clicked = await _read(account, [hint for name, hint in named.items() if name not in changed])
        with bypass_cache():
            return {**clicked, **await _read(account, list(changed.values()))}


async def _read(account: Account, hints: Sequence[LinkHint]) -> dict[tuple[str, ...], Link | VendorError | None]:
    if not hints:
        return {}
    adapter = require_capability(account, CanGetLinks)
    handles = [hint.handle for hint in hints if hint.handle is not None]
    found = await get_links(account, adapter, handles, ALL_LINK_FIELDS) if handles else {}
    links: dict[tuple[str, ...], Link | VendorError | None]
    links = {(handle,): _present(found.get(handle)) for handle in handles}
    others = [hint for hint in hints if hint.handle is None]
    results = await asyncio.gather(*(_find(adapter, hint) for hint in others))
    return {**links, **{hint.name: result for hint, result in zip(others, results, strict=True)}}


async def _find(adapter: CanGetLinks, hint: LinkHint) -> Link | VendorError | None:
    try:
        return await adapter.find_link(hint.domain, hint.slug, ALL_LINK_FIELDS)
    except VendorError as error:
        return _present(error)


def _present(found: Link | VendorError | None) -> Link | VendorError | None:
    return None if isinstance(found, NotFoundError) else found
