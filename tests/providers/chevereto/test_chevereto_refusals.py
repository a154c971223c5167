"""Files that Chevereto does not take: refused by the account's settings before any call, or by the site."""

from base64 import b64encode

import pytest

from harness.chevereto_vendor import AVIF, BMP, GIF, JPG, MP4, PNG, WEBP, Handed, a_file, sized
from harness.emulators import Bench, bench
from linkweave.errors import (
    ErrorCode,
    InvalidFileError,
    VendorError,
)
from linkweave.models.changes import FileSource, NewUpload
from linkweave.providers.chevereto.adapter import CheveretoAdapter
from linkweave.providers.chevereto.signatures import KNOWN_TYPES, file_type

ALLOWED = "allowed are avif, jpg, jpeg, png, bmp, gif, webp"


def adapter_of(account: Bench) -> CheveretoAdapter:
    adapter = account.account.adapter
    assert isinstance(adapter, CheveretoAdapter)
    return adapter


async def refused(account: Bench, new: NewUpload, *, calls: int = 0) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await adapter_of(account).upload(new)
    assert len(account.calls) == calls
    assert caught.value.operation == "upload file"
    return caught.value


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PNG, "png"),
        (JPG, "jpg"),
        (GIF, "gif"),
        (b"GIF87a", "gif"),
        (BMP, "bmp"),
        (WEBP, "webp"),
        (AVIF, "avif"),
        (b"\x00\x00\x00\x1cftypavis" + bytes(8), "avif"),
        (b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00miafavifMA1B" + bytes(8), "avif"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00miafheicavif", None),
        (b"\xff\xff\xff\xffftypmif1" + bytes(100), None),
        (MP4, None),
        (b"RIFF\x24\x00\x00\x00WAVE", None),
        (b"<svg xmlns=", None),
        (b"\x89PN", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(head: bytes, kind: str | None) -> None:
    assert file_type(head) == kind
    assert kind is None or kind in KNOWN_TYPES


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (a_file(PNG, "cat.svg"), f"its name ends in .svg; {ALLOWED}"),
        (a_file(PNG, "cat.png.exe"), f"its name ends in .exe; {ALLOWED}"),
        (a_file(PNG, "cat."), f"its name ends in .; {ALLOWED}"),
        (a_file(MP4, "cat.mp4"), f"its name ends in .mp4; {ALLOWED}"),
        (a_file(MP4, "cat.png"), f"the content of the file has no type that is known here; {ALLOWED}"),
        (a_file(b"<svg", "cat.png"), f"the content of the file has no type that is known here; {ALLOWED}"),
        (a_file(b"<svg", "blob"), f"the content of the file has no type that is known here; {ALLOWED}"),
        (a_file(b"", "cat.png"), f"the content of the file has no type that is known here; {ALLOWED}"),
    ],
)
async def test_a_file_of_another_type_is_refused_by_name_and_by_content_before_any_call(
    file: FileSource, problem: str
) -> None:
    error = await refused(bench("chevereto"), NewUpload(file=file))
    assert isinstance(error, InvalidFileError)
    assert (error.code, error.field) == (ErrorCode.INVALID_INPUT, "file")
    assert str(error) == f"chevereto: {problem} (upload file)"


async def test_a_type_that_the_settings_leave_out_is_refused_by_its_content() -> None:
    account = bench("chevereto", file_types=["jpeg", "png"])
    error = await refused(account, NewUpload(file=a_file(GIF, "cat.png")))
    assert str(error) == "chevereto: the file is gif; allowed are jpeg, png (upload file)"
    await adapter_of(account).upload(NewUpload(file=a_file(JPG, "cat.jpg")))


@pytest.mark.parametrize("name", ["cat.mp4", "blob"])
async def test_a_type_without_a_known_signature_is_left_to_the_site(name: str) -> None:
    account = bench("chevereto", file_types=["png", "mp4"])
    error = await refused(account, NewUpload(file=a_file(MP4, name)), calls=1)
    assert isinstance(error, InvalidFileError)
    assert error.provider_code == "614"


async def test_the_name_of_a_picture_does_not_override_its_content() -> None:
    account = bench("chevereto", file_types=["png", "mp4"])
    assert isinstance(await refused(account, NewUpload(file=a_file(MP4, "cat.png"))), InvalidFileError)


async def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    file = Handed()
    error = await refused(bench("chevereto"), NewUpload(file=sized(20_000_001, file.pieces)))
    assert isinstance(error, InvalidFileError)
    assert str(error) == "chevereto: the file has 20000001 bytes; allowed are 20000000 (upload file)"
    assert file.opened == 0


async def test_the_largest_size_is_a_setting() -> None:
    account = bench("chevereto", max_file_bytes=len(PNG))
    await adapter_of(account).upload(NewUpload(file=a_file(PNG)))
    assert isinstance(await refused(account, NewUpload(file=a_file(PNG + b"x")), calls=1), InvalidFileError)


NO_BASE64 = "this is no base64: allowed are A-Z, a-z, 0-9, + and /, filled up with = to a multiple of four"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", NO_BASE64),
        ("iVBORw0KGg_-", NO_BASE64),
        ("iVBORw0KGgo", NO_BASE64),
        ("iVBORw0KGgp=", NO_BASE64),
        ("iVBO=w0K", NO_BASE64),
        ("====", NO_BASE64),
        ("ÄÄÄÄ", NO_BASE64),
        ("PHN2Zz4=", f"the content of the file has no type that is known here; {ALLOWED}"),
        ("", f"the content of the file has no type that is known here; {ALLOWED}"),
    ],
)
async def test_base64_is_checked_before_any_call(text: str, problem: str) -> None:
    error = await refused(bench("chevereto"), NewUpload(base64=text))
    assert isinstance(error, InvalidFileError)
    assert (error.field, str(error)) == ("base64", f"chevereto: {problem} (upload file)")


@pytest.mark.parametrize("more", range(3))
async def test_the_size_of_base64_is_that_of_the_file(more: int) -> None:
    content = PNG + bytes(more)
    account = bench("chevereto", max_file_bytes=len(content))
    await adapter_of(account).upload(NewUpload(base64=b64encode(content).decode()))
    error = await refused(account, NewUpload(base64=b64encode(content + b"x").decode()), calls=1)
    assert str(error) == (f"chevereto: the file has {len(content) + 1} bytes; allowed are {len(content)} (upload file)")


async def test_no_error_quotes_a_file() -> None:
    error = await refused(bench("chevereto"), NewUpload(base64="c2VjcmV0IQ=="))
    assert "secret" not in f"{error!r}"
    assert "c2VjcmV0" not in f"{error!r}"
