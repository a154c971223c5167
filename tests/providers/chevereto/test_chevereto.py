"""A Chevereto account: its settings, its limit, its credentials and its check."""

import json

import pytest
from pydantic import ValidationError

from harness.chevereto_vendor import UPLOAD, a_file, adapter_for
from harness.emulators import bench
from harness.failure_cases.chevereto import body
from linkweave.errors import RejectedError, UnauthenticatedError
from linkweave.models.changes import NewUpload
from linkweave.providers.chevereto import PROVIDER
from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.providers.write_capabilities import CanUploadFiles


def test_there_is_no_limit_unless_the_settings_name_one() -> None:
    assert bench("chevereto").account.windows == ()
    (window,) = bench("chevereto", calls_per_minute=30).account.windows
    assert (window.rate.bucket, window.rate.limit, window.rate.seconds) == ("upload", 30, 60)


async def test_the_key_goes_into_a_header_and_into_no_error() -> None:
    account = bench("chevereto", api_key="not-the-key-it-knows")
    adapter = account.account.adapter
    assert isinstance(adapter, CanUploadFiles)
    with pytest.raises(UnauthenticatedError) as caught:
        await adapter.upload(NewUpload(file=a_file()))
    (call,) = account.calls
    assert call.headers["x-api-key"] == "not-the-key-it-knows"
    assert call.query == {}
    assert "not-the-key" not in f"{caught.value!r} {account.account!r}"


async def test_an_account_is_checked_by_an_upload_without_a_file() -> None:
    account = bench("chevereto")
    assert await account.account.adapter.probe() == ()
    (call,) = account.calls
    assert (call.method, call.path, call.body) == ("POST", UPLOAD, b"format=json")


async def test_any_other_refusal_fails_the_check() -> None:
    with pytest.raises(RejectedError) as caught:
        await adapter_for(400, json.dumps(body(200)).encode()).probe()
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
