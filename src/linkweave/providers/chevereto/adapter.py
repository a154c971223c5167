"""Speaks Chevereto's API v1.1: one endpoint that takes uploads, and none that reads."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Final

from linkweave.clock import Clock
from linkweave.errors import ConflictError, InvalidFileError, UnsupportedError
from linkweave.models import Upload
from linkweave.models.changes import FileSource, InputProblem, NewUpload
from linkweave.providers.base import Adapter
from linkweave.providers.chevereto.accepted_files import AcceptedFiles
from linkweave.providers.chevereto.losses import losses
from linkweave.providers.chevereto.refusals import FLOOD_OR_EMPTY
from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.providers.chevereto.signatures import SIGNATURE_BYTES
from linkweave.providers.chevereto.wire import UploadAnswer, form_fields
from linkweave.providers.write_capabilities import CanUploadFiles
from linkweave.transport.call import Call, FilePart
from linkweave.transport.vendor_client import VendorClient

BUCKET: Final = "upload"
_UPLOAD: Final = "upload file"
_HEADER_BREAKS: Final = frozenset("\r\n\0")


class CheveretoAdapter(Adapter, CanUploadFiles):
    """Uploads alone: the API has no links, no lists and no statistics."""

    def __init__(self, settings: CheveretoSettings, client: VendorClient, clock: Clock) -> None:
        super().__init__(settings, client, clock)
        self._accepted = AcceptedFiles(settings.max_file_bytes, settings.file_types)

    async def probe(self) -> tuple[str, ...]:
        """Send an upload without a file: the vendor checks the key first, and stores nothing.

        Raises:
            VendorError: the answer was not the refusal of an empty upload.
        """
        call = Call("check the account", "POST", "", form=(("format", "json"),), bucket=BUCKET)
        try:
            await self.client.fetch(call)
        except InvalidFileError as error:
            if error.provider_code != FLOOD_OR_EMPTY:
                raise
        return ()

    def check_upload(self, new: NewUpload) -> Sequence[InputProblem]:
        """Find tags with commas, which separate tags at the vendor, and files whose name breaks a header."""
        problem = "Chevereto separates tags by commas: a tag cannot hold one"
        commas = (InputProblem(("tags", str(at)), problem) for at, tag in enumerate(new.tags or ()) if "," in tag)
        return (*commas, *_header_problems(new.file))

    async def upload(self, new: NewUpload) -> Upload:
        """Send a file in pieces as they are read; a wrong type or size is refused before anything is sent.

        Raises:
            InvalidFileError: the site does not take this type or size (`field` is the given source).
            ConflictError: the site has this file already.
            UnsupportedError: the site does not fetch files from URLs for this account.
            AmbiguousError: the file may have been stored.
            VendorError: the file was not stored.
        """
        source = "file" if new.file is not None else "base64" if new.base64 is not None else "url"
        # The vendor drops white space too. Without it, the length tells the size of the file.
        base64 = None if new.base64 is None else "".join(new.base64.split())
        problem = await self._problem(new.file, base64)
        if problem is not None:
            raise self.error(InvalidFileError, problem, _UPLOAD, field=source)
        call = Call(
            _UPLOAD,
            "POST",
            "",
            form=form_fields(new, base64 or new.url),
            file=None if new.file is None else FilePart("source", new.file),
            multipart=True,
            bucket=BUCKET,
            writes=True,
        )
        try:
            answer, _ = await self.fetch(UploadAnswer, call)
        except (ConflictError, InvalidFileError, UnsupportedError) as error:
            error.field = error.field or source
            raise
        return answer.image.to_upload()

    def upload_losses(self, new: NewUpload, upload: Upload) -> Sequence[InputProblem]:
        """Compare the stored file with the input: the site leaves out without a word what it does not take."""
        return tuple(losses(new, upload))

    async def _problem(self, file: FileSource | None, base64: str | None) -> str | None:
        """Why the site would refuse the file, as far as can be seen without a call. Of a URL nothing can."""
        if base64 is not None:
            return self._accepted.check_base64(base64)
        if file is None:
            return None
        return self._accepted.check_size(file.size) or self._accepted.check_type(await _first_bytes(file), file.name)


def _header_problems(file: FileSource | None) -> Iterator[InputProblem]:
    """A file name and a content type become headers of the form's part."""
    parts = {} if file is None else {"file name": file.name, "content type": file.content_type}
    for name, text in parts.items():
        if _HEADER_BREAKS.intersection(text):
            yield InputProblem(("file",), f"its {name} must not have CR, LF or NUL in it", is_invalid=True)


async def _first_bytes(file: FileSource) -> bytes:
    head = bytearray()
    pieces = file.open()
    async for piece in pieces:
        head += piece
        if len(head) >= SIGNATURE_BYTES:
            break
    if isinstance(pieces, AsyncGenerator):
        await pieces.aclose()
    return bytes(head[:SIGNATURE_BYTES])
