"""Uploads that the gateway or the site rejects: because of the type, the size, a limit or the account."""

import pytest

from harness.gateway import five_providers, open_gateway
from harness.graphql_writes import only_error
from harness.multipart_client import UPLOAD, SentFile, in_base64, png, upload_file
from linkweave.models import Capability

UNABLE = [e.sandbox_accounts[0].key for e in five_providers().values() if Capability.UPLOAD_FILE not in e.capabilities]
PICTURE = png(4, 3)


def site(**options: object) -> list[dict[str, object]]:
    """The account table of a Chevereto site with other settings."""
    table = {"key": "chevereto", "provider": "chevereto", "base_url": "http://sandbox/chevereto"}
    return [{**table, "api_key": "sandbox-chevereto-key", **options}]


@pytest.mark.parametrize(
    "sent",
    [
        SentFile(PICTURE, "page.html"),
        SentFile(b"<html>", "coat.png"),
        SentFile(b"%PDF-1.7", "coat.pdf", "application/pdf"),
        SentFile(b"GIF8", "coat.png"),
        SentFile(b"", "coat.png"),
    ],
    ids=["by name", "by signature", "by both", "cut short", "empty"],
)
async def test_a_file_of_an_unsupported_type_is_rejected_before_any_call(sent: SentFile) -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, sent)
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "file"])
    assert "png" in error["message"]
    assert payload["upload"] is None
    assert gateway.calls() == {}


async def test_base64_of_an_unsupported_type_is_rejected_before_any_call() -> None:
    gateway = open_gateway()
    for wrong in (in_base64(b"<html>"), "no base64!", "", "===="):
        payload = await gateway.payload(UPLOAD, input={"account": "chevereto", "base64": wrong})
        error = only_error(payload)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "base64"])
    assert gateway.calls() == {}


async def test_the_file_types_are_a_setting_of_the_account() -> None:
    gateway = open_gateway(accounts=site(file_types=["gif"]))
    payload = await upload_file(gateway, SentFile(PICTURE))
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert "gif" in only_error(payload)["message"]


async def test_a_file_over_the_sites_size_limit_is_rejected_before_any_call() -> None:
    gateway = open_gateway(accounts=site(max_file_bytes=len(PICTURE) - 1))
    by_form = await upload_file(gateway, SentFile(PICTURE))
    by_text = await gateway.payload(UPLOAD, input={"account": "chevereto", "base64": in_base64(PICTURE)})
    assert [only_error(payload)["code"] for payload in (by_form, by_text)] == ["INVALID_INPUT"] * 2
    assert [only_error(payload)["path"][1] for payload in (by_form, by_text)] == ["file", "base64"]
    assert gateway.calls() == {}


async def test_a_file_of_exactly_the_size_limit_is_stored() -> None:
    payload = await upload_file(open_gateway(accounts=site(max_file_bytes=len(PICTURE))), SentFile(PICTURE))
    assert payload["errors"] == []


async def test_a_file_that_the_site_already_has_is_a_conflict() -> None:
    gateway = open_gateway()
    await upload_file(gateway, SentFile(PICTURE))
    payload = await upload_file(gateway, SentFile(PICTURE, "again.png"))
    error = only_error(payload)
    assert (error["code"], error["path"], error["providerCode"]) == ("CONFLICT", ["input", "file"], "101")
    assert payload["upload"] is None


async def test_too_many_uploads_in_a_minute_are_rate_limited() -> None:
    numbers = range(51)
    gateway = open_gateway(sections={"limits": {"root_fields": 51, "aliases": 51}})
    variables = ", ".join(f"$f{number}: UploadFileInput!" for number in numbers)
    aliases = " ".join(f"f{n}: uploadFile(input: $f{n}) {{ errors {{ code providerCode }} }}" for n in numbers)
    files = {f"f{number}": {"account": "chevereto", "base64": in_base64(png(shade=number))} for number in numbers}
    errors = [p["errors"] for p in (await gateway.data(f"mutation ({variables}) {{ {aliases} }}", **files)).values()]
    assert errors[:50] == [[]] * 50
    assert errors[50] == [{"code": "RATE_LIMITED", "providerCode": "130"}]


async def test_the_setting_calls_per_minute_limits_uploads() -> None:
    gateway = open_gateway(accounts=site(calls_per_minute=2))
    payloads = [
        await gateway.payload(UPLOAD, input={"account": "chevereto", "base64": in_base64(png(shade=shade))})
        for shade in range(3)
    ]
    assert only_error(payloads[2])["code"] == "RATE_LIMITED"
    assert only_error(payloads[2])["retryAfterSeconds"] == 60
    assert len(gateway.calls()["chevereto"]) == 2


async def test_a_tag_with_a_comma_is_unsupported_before_any_call() -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE), tags=["coats", "red, blue"])
    assert (only_error(payload)["code"], only_error(payload)["path"]) == ("UNSUPPORTED", ["input", "tags", "1"])
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", UNABLE)
async def test_an_account_without_uploads_is_not_called(account: str) -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE), account)
    assert only_error(payload)["code"] == "UNSUPPORTED"
    assert gateway.calls() == {}


async def test_a_file_cannot_be_a_literal() -> None:
    reply = await open_gateway().ask(
        'mutation { uploadFile(input: { account: "chevereto", file: "x" }) { link { id } } }'
    )
    assert reply.data is None
    assert "multipart" in reply.error["message"]
