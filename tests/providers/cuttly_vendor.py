"""What the tests of Cutt.ly stand on."""

from harness import Bench
from linkweave.errors import VendorError
from linkweave.models import Link
from linkweave.providers.cuttly.adapter import CuttlyAdapter

FIELDS = frozenset({"destination", "title"})
SPRING_SALE = "cutt.ly/spring-sale"


def adapter_of(account: Bench) -> CuttlyAdapter:
    adapter = account.account.adapter
    assert isinstance(adapter, CuttlyAdapter)
    return adapter


async def get(adapter: CuttlyAdapter, handle: str) -> Link:
    """One link; its error, which stands in its place, is raised."""
    found = (await adapter.get_links([handle], FIELDS))[handle]
    if isinstance(found, VendorError):
        raise found
    return found
