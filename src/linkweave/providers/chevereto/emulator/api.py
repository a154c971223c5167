"""The endpoint: its checks in the order of the vendor (FOUND in its source)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from linkweave.providers.chevereto.emulator.forms import Content, Form, read_form
from linkweave.providers.chevereto.emulator.pictures import (
    dimensions,
    fetched,
    format_of,
    from_base64,
    is_animated,
    stored_format,
)
from linkweave.providers.chevereto.emulator.responses import accepted, refused
from linkweave.providers.chevereto.emulator.uploads import Upload
from linkweave.providers.emulator_kit import CallLog, EmulatorOptions

DEMO_KEY: Final = "sandbox-chevereto-key"
MODERATED_KEY: Final = "sandbox-chevereto-moderated-key"
ADMIN_KEY: Final = "sandbox-chevereto-admin-key"
CLOSED_KEY: Final = "sandbox-chevereto-closed-key"

# DOC: 20 MB; FOUND: a megabyte of 1,000,000 bytes, and 50 uploads a minute unless the site says otherwise.
_MAX_BYTES: Final = 20_000_000
_PER_MINUTE: Final = 50
# FOUND: the same file again counts as a duplicate for a day.
_DUPLICATE_FOR: Final = timedelta(days=1)
_LONGEST_NUMBER: Final = 9
_FIRST_NUMBER: Final = 200_000
_STEP: Final = 7_919
_LETTERS: Final = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ123456789"


class UploadRefusedError(Exception):
    """A refusal with Chevereto's own number."""

    def __init__(self, code: int | str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class User:
    """The user of a key. An administrator has no flood or duplicate limits, and may upload from URLs.

    The site may have uploads turned off.
    """

    log: CallLog
    closed: bool = False
    admin: bool = False
    approved: bool = True


class Api:
    """The uploads of one site, for several keys."""

    def __init__(self, options: EmulatorOptions) -> None:
        self.uploads: dict[str, Upload] = {}
        self._clock = options.clock
        self._numbers = count(_FIRST_NUMBER, _STEP)
        self._users: Mapping[str, User] = MappingProxyType(
            {
                DEMO_KEY: User(CallLog(_PER_MINUTE, 60, options)),
                MODERATED_KEY: User(CallLog(_PER_MINUTE, 60, options), approved=False),
                ADMIN_KEY: User(CallLog(_PER_MINUTE, 60, options), admin=True),
                CLOSED_KEY: User(CallLog(_PER_MINUTE, 60, options), closed=True),
            }
        )

    async def answer(self, request: Request) -> Response:
        """Take an upload, or refuse it."""
        form = await read_form(request)
        kind = form.fields.get("format")
        try:
            key = self._key(request, form)
            return accepted(self._store(key, _source(request, form, self._users[key]), form), kind)
        except UploadRefusedError as error:
            return refused(error.code, str(error), kind)

    def _key(self, request: Request, form: Form) -> str:
        # The header wins over the parameter.
        key = request.headers.get("x-api-key") or form.fields.get("key")
        if not key:
            raise UploadRefusedError(100, "No key provided")
        if request.path_params["version"] != "1":
            raise UploadRefusedError(110, "Invalid API version.")
        if key not in self._users:
            raise UploadRefusedError(100, "Invalid API key.")
        if request.path_params["action"] != "upload":
            raise UploadRefusedError(120, "Invalid API action")
        if self._users[key].closed:
            raise UploadRefusedError(401, "Request denied")
        return key

    def _store(self, key: str, file: Content, form: Form) -> Upload:
        user, now = self._users[key], self._clock.now().replace(microsecond=0)
        same = (kept for kept in self.uploads.values() if (kept.uploader, kept.file.md5) == (key, file.md5))
        if not user.admin and any(kept.at > now - _DUPLICATE_FOR for kept in same):
            raise UploadRefusedError(101, "Duplicated upload")
        if not user.admin and not user.log.admits():
            raise UploadRefusedError(130, f"Flooding detected. You can only upload {_PER_MINUTE} images per minute")
        found = format_of(file.head)
        if found is None:
            raise UploadRefusedError(610, "Can't get target upload source info")
        if not found.enabled:
            raise UploadRefusedError(614, f"Disabled image format ({found.extension})")
        if file.size > _MAX_BYTES:
            raise UploadRefusedError(400, "File too big - max 20 MB")
        size, animated = dimensions(file.head, found), is_animated(file.head)
        # RUN: an animation keeps its size.
        width, height = size if animated else _resized(size, form.fields.get("width", ""))
        category = form.fields.get("category_id", "")
        if category and not category.isdigit():
            raise UploadRefusedError("22007", "SQLSTATE[22007]: Incorrect integer value for column image_category_id")
        upload = Upload(
            id=_id_of(next(self._numbers)),
            file=file,
            kept_as=stored_format(found),
            width=width,
            height=height,
            animated=animated,
            approved=user.approved,
            uploader=key,
            at=now,
            fields=form.fields,
        )
        self.uploads[upload.id] = upload
        return upload


def _source(request: Request, form: Form, user: User) -> Content:
    """The file: in the form, at a URL, or in base64."""
    if form.file is not None:
        return form.file
    text = form.fields.get("source")
    if not text:
        raise UploadRefusedError(130, "Empty upload source")
    if text.startswith(("http://", "https://")):
        if not user.admin:
            raise UploadRefusedError(403, "URL uploading is disabled")
        return fetched(text)
    if request.method != "POST":
        raise UploadRefusedError(130, "Upload using base64 source must be done using POST method.")
    file = from_base64(text)
    if file is None:
        raise UploadRefusedError(120, "Invalid base64 string")
    return file


def _resized(size: tuple[int, int], wanted: str) -> tuple[int, int]:
    width, height = size
    if not wanted.isascii() or not wanted.isdigit():
        return size
    if len(wanted) > _LONGEST_NUMBER or int(wanted) > width:
        raise UploadRefusedError(610, "Target width is greater than the original image width")
    return int(wanted), round(height * int(wanted) / max(1, width))


def _id_of(number: int) -> str:
    """A short id that does not look like a number."""
    letters = ""
    while number:
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters
