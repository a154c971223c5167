"""Stored uploads. Uploading is tested in tests/schema/operations/test_uploads.py."""

from linkweave.gather.writing.uploads import find_upload
from linkweave.storage.memory_store import MemoryStore


async def test_an_upload_that_another_release_stored_and_this_one_cannot_read_counts_as_missing() -> None:
    store = MemoryStore()
    await store.set("upload:one:u1", b"{}", 60)
    assert await find_upload("one", "u1", store) is None
