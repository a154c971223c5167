"""UPLOAD_FILE: a file is uploaded and found again."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from linkweave.models import Capability
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import UPLOAD_FILE
from linkweave.testing.virtual_time import in_virtual_time

# A PNG of one pixel.
_PICTURE: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class UploadFilesContract(WritesContract):
    """The contract of CanUploadFiles."""

    capability = Capability.UPLOAD_FILE

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields an upload."""
        yield from super().writes()

        async def upload(_: Gateway) -> Mapping[str, Any]:
            return {"input": {"account": self.account_key, "base64": _PICTURE}}

        yield "upload", Write(UPLOAD_FILE, upload)

    @in_virtual_time
    async def test_an_uploaded_file_is_found_again(self) -> None:
        gateway = self.open_gateway()
        payload = await gateway.payload(UPLOAD_FILE, input={"account": self.account_key, "base64": _PICTURE})
        assert payload["errors"] == []
        upload = payload["upload"]
        assert (upload["account"], upload["size"]) == ({"key": self.account_key}, 70)
        selection = " ".join(name for name in upload if name not in {"id", "account"})
        query = f"query ($id: ID!) {{ node(id: $id) {{ id ... on Upload {{ account {{ key }} {selection} }} }} }}"
        assert (await gateway.data(query, id=upload["id"]))["node"] == upload
