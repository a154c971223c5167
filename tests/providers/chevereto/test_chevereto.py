"""Chevereto: its refusals, as a real server wrote them, and what an account is."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from harness.emulators import ManualClock, answering, bench
from linkweave.accounts import open_account
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    ForbiddenError,
    InvalidFileError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnsupportedError,
    VendorError,
)
from linkweave.models import Capability
from linkweave.providers.chevereto import PROVIDER
from linkweave.providers.chevereto.refusals import CODES
from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.transport.call import Call

# What a real Chevereto 4.2.0 answered; where it was and its secrets are replaced.
SAMPLES = Path(__file__).parent / "data"
UPLOAD = "/api/1/upload"


def upload() -> Call:
    return Call("upload file", "POST", UPLOAD, bucket="upload", writes=True)


async def refusal_of(status: int, body: bytes) -> VendorError:
    settings = PROVIDER.settings.model_validate({"key": "images", "provider": "chevereto", "api_key": "key-of-a-test"})
    account = open_account(settings, PROVIDER, answering(status, body), ManualClock())
    with pytest.raises(VendorError) as caught:
        await account.stack.client.fetch(upload())
    return caught.value


def body_of(code: object, message: object = "Whatever") -> bytes:
    return json.dumps({"status_code": 400, "error": {"message": message, "code": code}}).encode()


def test_files_can_be_uploaded_and_nothing_can_be_read() -> None:
    assert PROVIDER.capabilities == {Capability.UPLOAD_FILE}
    assert PROVIDER.stats_dimensions == frozenset()


@pytest.mark.parametrize(
    ("sample", "kind", "code"),
    [
        ("no-key", UnauthenticatedError, "100"),
        ("bad-key", UnauthenticatedError, "100"),
        ("empty-source", RejectedError, "130"),
        ("bad-base64", RejectedError, "120"),
        ("not-an-image", InvalidFileError, "610"),
        ("url-loopback", UnsupportedError, "403"),
    ],
)
async def test_what_a_real_server_refused_is_told_by_its_code(sample: str, kind: type[VendorError], code: str) -> None:
    error = await refusal_of(400, (SAMPLES / f"{sample}.body").read_bytes())
    assert type(error) is kind
    assert error.provider_code == code


def test_what_a_real_server_accepted_is_no_refusal() -> None:
    assert PROVIDER.classify(200, json.loads((SAMPLES / "upload-file.body").read_bytes())) is None


@pytest.mark.parametrize("code", sorted(CODES))
async def test_every_code_becomes_its_kind_of_error(code: int) -> None:
    error = await refusal_of(400, body_of(code, "/var/www/secret/folder"))
    assert type(error) is CODES[code][0]
    assert error.provider_code == str(code)
    assert "secret" not in str(error)


@pytest.mark.parametrize("code", [101, 102])
async def test_the_same_file_again_is_a_conflict(code: int) -> None:
    assert isinstance(await refusal_of(400, body_of(code, "重复上传")), ConflictError)


@pytest.mark.parametrize("message", ["Flooding detected. You can only upload 1 file per minute", "洪水検出", None])
async def test_code_130_is_flood_protection_in_whatever_language(message: str | None) -> None:
    error = await refusal_of(400, body_of(130, message))
    assert isinstance(error, RateLimitedError)
    assert error.provider_code == "130"


@pytest.mark.parametrize("message", ["Empty upload source", "Empty source", "Upload using base64 source must be POST"])
async def test_code_130_is_also_an_upload_of_nothing(message: str) -> None:
    assert type(await refusal_of(400, body_of(130, message))) is RejectedError


async def test_an_unknown_code_is_passed_on_with_the_rejection() -> None:
    error = await refusal_of(400, body_of(632))
    assert type(error) is RejectedError
    assert error.provider_code == "632"


async def test_the_context_that_older_releases_add_changes_nothing() -> None:
    body = b'{"status_code":400,"error":{"message":"x","code":100,"context":"Exception"},"status_txt":"Bad Request"}'
    assert isinstance(await refusal_of(400, body), UnauthenticatedError)


@pytest.mark.parametrize("status", [200, 400])
async def test_a_refusal_counts_whatever_status_it_comes_with(status: int) -> None:
    assert isinstance(await refusal_of(status, body_of(101)), ConflictError)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, body_of(None), RejectedError),
        (400, body_of("100"), RejectedError),
        (400, body_of(code=True), RejectedError),
        (400, b'{"error": "Invalid API key."}', RejectedError),
        (400, b"[]", RejectedError),
        (403, b"<html>blocked", ForbiddenError),
        (200, b"Empty upload source", AmbiguousError),
        (301, b"", AmbiguousError),
        (429, body_of(100), RateLimitedError),
        (502, body_of(100), AmbiguousError),
    ],
)
async def test_without_a_code_the_status_tells(status: int, body: bytes, kind: type[VendorError]) -> None:
    error = await refusal_of(status, body)
    assert type(error) is kind
    assert error.provider_code is None


def test_there_is_no_limit_unless_the_settings_name_one() -> None:
    assert bench("chevereto").account.windows == ()
    (window,) = bench("chevereto", calls_per_minute=30).account.windows
    assert (window.rate.bucket, window.rate.limit, window.rate.seconds) == ("upload", 30, 60)


async def test_the_key_goes_into_a_header_and_into_no_error() -> None:
    account = bench("chevereto", api_key="not-the-key-it-knows")
    with pytest.raises(UnauthenticatedError) as caught:
        await account.account.stack.client.fetch(upload())
    (call,) = account.calls
    assert call.headers["x-api-key"] == "not-the-key-it-knows"
    assert call.query == {}
    assert "not-the-key" not in f"{caught.value!r} {account.account!r}"


async def test_an_account_is_checked_by_an_upload_of_nothing() -> None:
    account = bench("chevereto")
    assert await account.account.adapter.probe() == ()
    (call,) = account.calls
    assert (call.method, call.path, call.body) == ("POST", UPLOAD, b"format=json")


async def test_a_wrong_key_is_found_out_by_the_check() -> None:
    with pytest.raises(UnauthenticatedError):
        await bench("chevereto", api_key="wrong").account.adapter.probe()


async def test_any_other_refusal_of_the_check_is_passed_on() -> None:
    settings = PROVIDER.settings.model_validate({"key": "images", "provider": "chevereto", "api_key": "key-of-a-test"})
    account = open_account(settings, PROVIDER, answering(400, body_of(200)), ManualClock())
    with pytest.raises(RejectedError) as caught:
        await account.adapter.probe()
    assert caught.value.provider_code == "200"


def test_an_account_takes_what_pic_li_takes_unless_its_settings_say_otherwise() -> None:
    settings = PROVIDER.settings.model_validate({"key": "images", "provider": "chevereto", "api_key": "k"})
    assert isinstance(settings, CheveretoSettings)
    assert settings.max_file_bytes == 20_000_000
    assert set(settings.file_types) == {"avif", "jpg", "jpeg", "png", "bmp", "gif", "webp"}
    other = settings.model_validate({**settings.model_dump(), "file_types": [" MP4 "]})
    assert other.file_types == ("mp4",)


@pytest.mark.parametrize("wrong", [{"file_types": []}, {"file_types": [".png"]}, {"max_file_bytes": 0}])
def test_sizes_and_types_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PROVIDER.settings.model_validate({"key": "images", "provider": "chevereto", "api_key": "k", **wrong})
