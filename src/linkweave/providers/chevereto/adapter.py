"""Speaks Chevereto's API v1.1, whose one endpoint takes uploads and tells nothing of what is there."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

from linkweave.clock import Clock
from linkweave.errors import ConflictError, InvalidFileError, RejectedError, UnsupportedError
from linkweave.models import Upload
from linkweave.models.changes import FileSource, InputProblem, NewUpload
from linkweave.providers.base import Adapter
from linkweave.providers.chevereto.checking import Accepted
from linkweave.providers.chevereto.fields import form_fields, objections
from linkweave.providers.chevereto.refusals import FLOOD_OR_EMPTY
from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.providers.chevereto.signatures import ENOUGH_BYTES
from linkweave.providers.chevereto.wire import UploadAnswer, upload_of
from linkweave.providers.write_capabilities import CanUploadFiles
from linkweave.transport.call import Call, FilePart
from linkweave.transport.vendor_client import VendorClient

PATH: Final = "/api/1/upload"
BUCKET: Final = "upload"
_UPLOAD: Final = "upload file"


class CheveretoAdapter(Adapter, CanUploadFiles):
    """Reads nothing, because the API has nothing to read: no links, no lists, no statistics."""

    def __init__(self, settings: CheveretoSettings, client: VendorClient, clock: Clock) -> None:
        super().__init__(settings, client, clock)
        self._accepted = Accepted.by(settings)

    async def probe(self) -> tuple[str, ...]:
        """Send an upload without a file: the key is checked first, and then nothing is stored.

        Raises:
            VendorError: the answer was anything but the refusal of an empty upload.
        """
        call = Call("check the account", "POST", PATH, form=(("format", "json"),), bucket=BUCKET)
        try:
            await self.client.fetch(call)
        except RejectedError as error:
            if error.provider_code != str(FLOOD_OR_EMPTY):
                raise
        return ()

    def check_upload(self, new: NewUpload) -> Sequence[InputProblem]:
        """Tags with commas in them."""
        return tuple(objections(new))

    async def upload(self, new: NewUpload) -> Upload:
        """Send a file, in pieces as they are read; a wrong type or size is refused before anything is sent.

        Raises:
            InvalidFileError: the site does not take this type or size (`field` is the source that was given).
            ConflictError: the site has this file already.
            UnsupportedError: the site does not fetch files from URLs for this account.
            AmbiguousError: it may have been stored.
            VendorError: it was not stored.
        """
        given = "file" if new.file is not None else "base64" if new.base64 is not None else "url"
        # The vendor drops white space too; without it, the size can be told from the length.
        base64 = None if new.base64 is None else "".join(new.base64.split())
        problem = await self._problem(new.file, base64)
        if problem is not None:
            raise InvalidFileError(
                f"{self.account}: {problem} ({_UPLOAD})", account=self.account, operation=_UPLOAD, field=given
            )
        call = Call(
            _UPLOAD,
            "POST",
            PATH,
            form=form_fields(new, base64 or new.url),
            file=None if new.file is None else FilePart("source", new.file),
            multipart=True,
            bucket=BUCKET,
            writes=True,
        )
        try:
            answer, _ = await self.fetch(UploadAnswer, call)
        except (ConflictError, InvalidFileError, UnsupportedError) as error:
            error.field = given
            raise
        return upload_of(answer.image)

    async def _problem(self, file: FileSource | None, base64: str | None) -> str | None:
        """What is wrong with the file before anybody is asked; of a URL, only the site can tell."""
        if base64 is not None:
            return self._accepted.object_to_base64(base64)
        if file is None:
            return None
        return self._accepted.object_to_size(file.size) or self._accepted.object_to_type(
            await _first_bytes(file), file.name
        )


async def _first_bytes(file: FileSource) -> bytes:
    head = bytearray()
    pieces = file.open()
    async for piece in pieces:
        head += piece
        if len(head) >= ENOUGH_BYTES:
            break
    if isinstance(pieces, AsyncGenerator):
        await pieces.aclose()
    return bytes(head[:ENOUGH_BYTES])
