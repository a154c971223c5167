"""Chevereto: its refusals, as a real server wrote them, and its emulator."""

import json
from pathlib import Path

import httpx2
import pytest

from harness import ManualClock, answering, bench
from linkweave.accounts import open_account
from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.providers.chevereto import PROVIDER
from linkweave.providers.chevereto.emulator import DEMO_KEY
from linkweave.providers.chevereto.refusals import CODES
from linkweave.transport.call import Call, Pairs

# What a real Chevereto 4.2.0 answered; where it was and its secrets are replaced.
SAMPLES = Path(__file__).parent / "data" / "chevereto"
UPLOAD = "/api/1/upload"


def upload(path: str = UPLOAD, form: Pairs | None = None) -> Call:
    return Call("upload file", "POST", path, form=form, bucket="upload", writes=True)


async def refusal_of(status: int, body: bytes) -> VendorError:
    settings = PROVIDER.settings.model_validate({"key": "images", "provider": "chevereto", "api_key": "key-of-a-test"})
    account = open_account(settings, PROVIDER, answering(status, body), ManualClock())
    with pytest.raises(VendorError) as caught:
        await account.stack.client.fetch(upload())
    return caught.value


def body_of(code: object, message: object = "Whatever") -> bytes:
    return json.dumps({"status_code": 400, "error": {"message": message, "code": code}}).encode()


def test_there_is_nothing_to_read() -> None:
    assert PROVIDER.capabilities == frozenset()
    assert PROVIDER.stats_dimensions == frozenset()


@pytest.mark.parametrize(
    ("sample", "kind", "code"),
    [
        ("no-key", UnauthenticatedError, "100"),
        ("bad-key", UnauthenticatedError, "100"),
        ("empty-source", RejectedError, "130"),
        ("bad-base64", RejectedError, "120"),
        ("not-an-image", RejectedError, "610"),
        ("url-loopback", ForbiddenError, "403"),
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
        (200, b"Empty upload source", BadResponseError),
        (301, b"", BadResponseError),
        (429, body_of(100), RateLimitedError),
        (502, body_of(100), UnavailableError),
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


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (upload(), "130"),
        (upload(form=(("source", ""), ("title", "A title"))), "130"),
        (upload(form=(("source", "https://www.example.com/a.png"),)), "403"),
        (upload(form=(("source", "iVBORw0KGgo="),)), "401"),
        (upload("/api/1/delete"), "120"),
        (upload("/api/9/upload"), "110"),
    ],
)
async def test_the_emulator_refuses_everything_until_uploads_land(call: Call, code: str) -> None:
    with pytest.raises(VendorError) as caught:
        await bench("chevereto").account.stack.client.fetch(call)
    assert caught.value.provider_code == code


async def post(
    headers: dict[str, str],
    *,
    query: str = "",
    data: dict[str, str] | None = None,
    files: dict[str, tuple[str, bytes, str]] | None = None,
) -> httpx2.Response:
    http = bench("chevereto").http
    return await http.post(f"http://emulator{UPLOAD}{query}", headers=headers, data=data, files=files)


async def test_the_emulator_wants_a_key() -> None:
    answer = await post({})
    assert answer.status_code == 400
    assert answer.content == (SAMPLES / "no-key.body").read_bytes()


async def test_the_emulator_knows_one_key() -> None:
    answer = await post({"x-api-key": "chv_wrong"})
    assert answer.content == (SAMPLES / "bad-key.body").read_bytes()


@pytest.mark.parametrize("query", [f"?key={DEMO_KEY}", ""])
async def test_the_emulator_takes_the_key_as_a_parameter_too(query: str) -> None:
    answer = await post({}, query=query, data=None if query else {"key": DEMO_KEY})
    assert answer.content == (SAMPLES / "empty-source.body").read_bytes()


async def test_the_emulator_believes_the_header_before_the_parameter() -> None:
    assert (await post({"x-api-key": "chv_wrong"}, query=f"?key={DEMO_KEY}")).json()["error"]["code"] == 100


async def test_the_emulator_does_not_pretend_to_have_stored_a_file() -> None:
    answer = await post({"x-api-key": DEMO_KEY}, files={"source": ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")})
    assert answer.status_code == 400
    assert answer.json()["error"] == {"message": "Request denied", "code": 401}


@pytest.mark.parametrize("kind", ["txt", "redirect"])
async def test_formats_without_room_for_an_error_answer_its_text_as_if_all_were_well(kind: str) -> None:
    answer = await post({"x-api-key": DEMO_KEY}, query=f"?format={kind}")
    assert (answer.status_code, answer.text) == (200, "Empty upload source")


async def test_the_emulator_answers_get_as_well() -> None:
    account = bench("chevereto")
    with pytest.raises(RejectedError, match="nothing to upload"):
        await account.account.stack.client.fetch(Call("upload file", "GET", UPLOAD))
