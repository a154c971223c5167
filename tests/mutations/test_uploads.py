"""UPLOAD_FILE: files sent as parts of a form, as base64 and by URL; found again in a request of their own."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from starlette.applications import Starlette

from gateway_harness import Gateway, open_gateway
from graphql_writes import only_error, payload_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.schema.ids import encode_id
from multipart_client import UPLOAD, SentFile, in_base64, png, send_form, upload_file, upload_files

ABLE = [e.sandbox_accounts[0].key for e in discover().values() if Capability.UPLOAD_FILE in e.capabilities]
UNABLE = [e.sandbox_accounts[0].key for e in discover().values() if Capability.UPLOAD_FILE not in e.capabilities]

NODE = """query ($id: ID!) { node(id: $id) { ... on Upload {
  id account { key } name title description url viewerUrl shortUrl thumbnailUrl mediumUrl frameUrl mimeType extension
  size width height durationSeconds md5 originalFilename tags nsfw animated approved views likes createdAt expiresAt
  deleteUrl } } }"""
PICTURE = png(4, 3)
DAY = 24 * 3600


def site(**options: object) -> list[dict[str, object]]:
    """The account table of a Chevereto site with other settings."""
    table = {"key": "chevereto", "provider": "chevereto", "base_url": "http://sandbox/chevereto"}
    return [{**table, "api_key": "sandbox-chevereto-key", **options}]


def fields_at_the_site(gateway: Gateway) -> Mapping[str, str]:
    """What the site was told of the only file that it has."""
    app = cast("Starlette", gateway.sandbox.slots["chevereto"].app)
    (upload,) = app.state.uploads.values()
    return cast("Mapping[str, str]", upload.fields)


async def node_of(gateway: Gateway, upload: str) -> Any:
    return (await gateway.data(NODE, id=upload))["node"]


@pytest.mark.parametrize("account", ABLE)
async def test_a_file_of_a_form_is_stored_and_found_again(account: str) -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE, "Coat.png"), account)
    upload = payload["upload"]
    assert payload["errors"] == []
    assert payload["link"] is None
    assert (upload["size"], upload["width"], upload["height"]) == (len(PICTURE), 4, 3)
    assert (upload["originalFilename"], upload["title"], upload["mimeType"]) == ("Coat.png", "Coat", "image/png")
    assert upload["account"] == {"key": account}
    assert (upload["approved"], upload["nsfw"], upload["tags"]) == (True, False, [])
    assert upload["createdAt"] == "2026-11-20T10:30:00Z"
    assert upload["deleteUrl"].startswith("https://")
    assert await node_of(gateway, upload["id"]) == upload


@pytest.mark.parametrize("account", ABLE)
async def test_base64_is_stored_and_found_again(account: str) -> None:
    gateway = open_gateway()
    payload = await payload_of(gateway, UPLOAD, input={"account": account, "base64": in_base64(PICTURE)})
    assert payload["errors"] == []
    assert payload["upload"]["size"] == len(PICTURE)
    assert await node_of(gateway, payload["upload"]["id"]) == payload["upload"]


async def test_a_file_by_url_is_stored_where_the_site_fetches() -> None:
    gateway = open_gateway(accounts=site(api_key="sandbox-chevereto-admin-key"))
    url = "https://www.example.com/coat.png?size=large"
    payload = await payload_of(gateway, UPLOAD, input={"account": "chevereto", "url": url})
    assert payload["errors"] == []
    assert payload["upload"]["originalFilename"] == "coat.png"
    assert fields_at_the_site(gateway)["source"] == url


async def test_a_file_by_url_is_unsupported_where_the_site_fetches_nothing() -> None:
    payload = await payload_of(
        open_gateway(), UPLOAD, input={"account": "chevereto", "url": "https://www.example.com/coat.png"}
    )
    error = only_error(payload)
    assert (error["code"], error["path"], error["providerCode"]) == ("UNSUPPORTED", ["input", "url"], "403")
    assert payload["upload"] is None


@pytest.mark.parametrize("source", ["file", "base64"])
@pytest.mark.parametrize(
    ("given", "shows"),
    [
        ({"title": "A coat"}, {"title": "A coat"}),
        ({"description": "Warm"}, {"description": "Warm"}),
        ({"tags": ["winter", "coats"]}, {"tags": ["winter", "coats"]}),
        ({"width": 2}, {"width": 2, "height": 2}),
        ({"expiresIn": "P3D"}, {"expiresAt": "2026-11-23T10:30:00Z"}),
        ({"expiresIn": "PT5M"}, {"expiresAt": "2026-11-20T10:35:00Z"}),
        ({"nsfw": True}, {"nsfw": True}),
        ({"nsfw": False}, {"nsfw": False}),
    ],
)
async def test_every_parameter_is_read_back(source: str, given: dict[str, Any], shows: dict[str, Any]) -> None:
    gateway = open_gateway()
    if source == "file":
        payload = await upload_file(gateway, SentFile(PICTURE), **given)
    else:
        variables = {"account": "chevereto", "base64": in_base64(PICTURE), **given}
        payload = await payload_of(gateway, UPLOAD, input=variables)
    assert payload["errors"] == []
    assert {name: payload["upload"][name] for name in shows} == shows
    node = await node_of(gateway, payload["upload"]["id"])
    assert {name: node[name] for name in shows} == shows


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"album": "aB3"}, "album_id", "aB3"),
        ({"category": "7"}, "category_id", "7"),
        ({"useFileDate": True}, "use_file_date", "1"),
    ],
)
async def test_what_the_site_does_not_show_is_told_to_it(given: dict[str, Any], field: str, said: str) -> None:
    gateway = open_gateway()
    assert (await upload_file(gateway, SentFile(PICTURE), **given))["errors"] == []
    assert fields_at_the_site(gateway)[field] == said
    assert fields_at_the_site(gateway)["format"] == "json"


async def test_several_files_of_an_operation_are_stored_each() -> None:
    gateway = open_gateway()
    files = [SentFile(png(shade=shade), f"shade-{shade}.png") for shade in range(5)]
    payloads = await upload_files(gateway, files)
    assert [payload["upload"]["originalFilename"] for payload in payloads] == [file.name for file in files]
    assert len({payload["upload"]["md5"] for payload in payloads}) == 5
    assert len(gateway.calls()["chevereto"]) == 5


async def test_one_wrong_file_of_an_operation_keeps_no_other_one_from_being_stored() -> None:
    files = [SentFile(PICTURE), SentFile(b"plain text", "notes.txt", "text/plain"), SentFile(png(shade=9))]
    payloads = await upload_files(open_gateway(), files)
    assert [payload["upload"] is not None for payload in payloads] == [True, False, True]
    assert only_error(payloads[1])["code"] == "INVALID_INPUT"


async def test_one_file_can_stand_in_two_places() -> None:
    gateway = open_gateway(accounts=site(api_key="sandbox-chevereto-admin-key"))
    query = """mutation ($a: UploadFileInput!, $b: UploadFileInput!) {
      a: uploadFile(input: $a) { upload { size title } errors { code } }
      b: uploadFile(input: $b) { upload { size title } errors { code } }
    }"""
    variables = {name: {"account": "chevereto", "file": None, "title": name} for name in "ab"}
    places = {"0": ["variables.a.file", "variables.b.file"]}
    response = await send_form(gateway, {"query": query, "variables": variables}, places, {"0": SentFile(PICTURE)})
    assert response.json() == {
        "data": {name: {"upload": {"size": len(PICTURE), "title": name}, "errors": []} for name in "ab"}
    }


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
async def test_a_file_of_a_type_that_is_not_taken_is_refused_before_any_call(sent: SentFile) -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, sent)
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "file"])
    assert "png" in error["message"]
    assert payload["upload"] is None
    assert gateway.calls() == {}


async def test_base64_of_a_type_that_is_not_taken_is_refused_before_any_call() -> None:
    gateway = open_gateway()
    for wrong in (in_base64(b"<html>"), "no base64!", "", "===="):
        payload = await payload_of(gateway, UPLOAD, input={"account": "chevereto", "base64": wrong})
        error = only_error(payload)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "base64"])
    assert gateway.calls() == {}


async def test_types_are_a_setting_of_the_site() -> None:
    gateway = open_gateway(accounts=site(file_types=["gif"]))
    payload = await upload_file(gateway, SentFile(PICTURE))
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert "gif" in only_error(payload)["message"]


async def test_a_file_larger_than_the_site_takes_is_refused_before_any_call() -> None:
    gateway = open_gateway(accounts=site(max_file_bytes=len(PICTURE) - 1))
    by_form = await upload_file(gateway, SentFile(PICTURE))
    by_text = await payload_of(gateway, UPLOAD, input={"account": "chevereto", "base64": in_base64(PICTURE)})
    assert [only_error(payload)["code"] for payload in (by_form, by_text)] == ["INVALID_INPUT"] * 2
    assert [only_error(payload)["path"][1] for payload in (by_form, by_text)] == ["file", "base64"]
    assert gateway.calls() == {}


async def test_a_file_as_large_as_the_site_takes_is_stored() -> None:
    payload = await upload_file(open_gateway(accounts=site(max_file_bytes=len(PICTURE))), SentFile(PICTURE))
    assert payload["errors"] == []


async def test_a_file_that_the_site_has_is_a_conflict() -> None:
    gateway = open_gateway()
    await upload_file(gateway, SentFile(PICTURE))
    payload = await upload_file(gateway, SentFile(PICTURE, "again.png"))
    error = only_error(payload)
    assert (error["code"], error["path"], error["providerCode"]) == ("CONFLICT", ["input", "file"], "101")
    assert payload["upload"] is None


async def test_too_many_uploads_in_a_minute_are_rate_limited() -> None:
    gateway, numbers = open_gateway(), range(51)
    variables = ", ".join(f"$f{number}: UploadFileInput!" for number in numbers)
    aliases = " ".join(f"f{n}: uploadFile(input: $f{n}) {{ errors {{ code providerCode }} }}" for n in numbers)
    files = {f"f{number}": {"account": "chevereto", "base64": in_base64(png(shade=number))} for number in numbers}
    errors = [p["errors"] for p in (await gateway.data(f"mutation ({variables}) {{ {aliases} }}", **files)).values()]
    assert errors[:50] == [[]] * 50
    assert errors[50] == [{"code": "RATE_LIMITED", "providerCode": "130"}]


async def test_a_setting_keeps_the_gateway_below_the_sites_flood_protection() -> None:
    gateway = open_gateway(accounts=site(calls_per_minute=2))
    payloads = [
        await payload_of(gateway, UPLOAD, input={"account": "chevereto", "base64": in_base64(png(shade=shade))})
        for shade in range(3)
    ]
    assert only_error(payloads[2])["code"] == "RATE_LIMITED"
    assert only_error(payloads[2])["retryAfterSeconds"] == 60
    assert len(gateway.calls()["chevereto"]) == 2


async def test_a_key_that_the_site_does_not_know_is_told() -> None:
    payload = await upload_file(open_gateway(accounts=site(api_key="wrong")), SentFile(PICTURE))
    assert (only_error(payload)["code"], only_error(payload)["providerCode"]) == ("UNAUTHENTICATED", "100")


async def test_a_file_that_waits_for_approval_has_no_address() -> None:
    gateway = open_gateway(accounts=site(api_key="sandbox-chevereto-moderated-key"))
    payload = await upload_file(gateway, SentFile(PICTURE))
    upload = payload["upload"]
    assert payload["errors"] == []
    assert (upload["approved"], upload["url"], upload["thumbnailUrl"]) == (False, None, None)
    assert upload["viewerUrl"].startswith("https://")
    assert await node_of(gateway, upload["id"]) == upload


async def test_an_upload_is_remembered_for_thirty_days() -> None:
    gateway = open_gateway()
    upload = (await upload_file(gateway, SentFile(PICTURE)))["upload"]["id"]
    await gateway.clock.sleep(30 * DAY - 60)
    assert (await node_of(gateway, upload))["id"] == upload
    await gateway.clock.sleep(120)
    assert await node_of(gateway, upload) is None


@pytest.mark.parametrize("parts", [("chevereto", "unknown"), ("nobody", "x"), ("tinycc", "x")])
async def test_an_upload_that_nobody_made_is_null(parts: tuple[str, str]) -> None:
    assert await node_of(open_gateway(), encode_id("Upload", *parts)) is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, []),
        ({"base64": "aaaa", "url": "https://www.example.com/a.png"}, []),
        ({"base64": "aaaa", "width": 0}, ["width"]),
        ({"base64": "aaaa", "width": -5}, ["width"]),
        *(
            ({"base64": "aaaa", "expiresIn": wrong}, ["expiresIn"])
            for wrong in ("", "P", "PT", "3D", "P3", "P-3D", "P3DT")
        ),
        ({"base64": "aaaa", "expiresIn": "P3D\n"}, ["expiresIn"]),
        ({"base64": "aaaa", "expiresIn": "P\u0663D"}, ["expiresIn"]),
        ({"base64": "aaaa", "account": "nobody"}, ["account"]),
        ({"base64": "aaaa", "shorten": {"accounts": []}}, ["shorten", "accounts"]),
        ({"base64": "aaaa", "shorten": {"accounts": ["nobody"]}}, ["shorten", "accounts"]),
        ({"base64": "aaaa", "shorten": {"accounts": ["tinycc"], "slug": " "}}, ["shorten", "slug"]),
        ({"base64": "aaaa", "shorten": {"accounts": ["tinycc"], "domain": ""}}, ["shorten", "domain"]),
    ],
)
async def test_wrong_values_are_named_before_any_call(given: dict[str, Any], path: list[str]) -> None:
    gateway = open_gateway()
    payload = await payload_of(gateway, UPLOAD, input={"account": "chevereto", **given})
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", *path])
    assert payload["upload"] is None
    assert gateway.calls() == {}


async def test_a_tag_with_a_comma_is_unsupported_before_any_call() -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE), tags=["coats", "red, blue"])
    assert (only_error(payload)["code"], only_error(payload)["path"]) == ("UNSUPPORTED", ["input", "tags", "1"])
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", UNABLE)
async def test_who_takes_no_files_is_asked_nothing(account: str) -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE), account)
    assert only_error(payload)["code"] == "UNSUPPORTED"
    assert gateway.calls() == {}


@pytest.mark.parametrize("file", ["picture.png", 5, {"name": "x"}, [1], True])
async def test_a_file_can_only_be_sent_as_a_part_of_a_form(file: object) -> None:
    gateway = open_gateway()
    reply = await gateway.ask(UPLOAD, input={"account": "chevereto", "file": file})
    assert (reply.data, reply.codes) == (None, ["INVALID_INPUT"])
    assert "multipart" in reply.error["message"]
    assert gateway.calls() == {}


async def test_a_file_cannot_be_written_into_the_query() -> None:
    reply = await open_gateway().ask(
        'mutation { uploadFile(input: { account: "chevereto", file: "x" }) { link { id } } }'
    )
    assert reply.data is None
    assert "multipart" in reply.error["message"]


async def test_odd_names_of_files_arrive_as_they_are() -> None:
    gateway = open_gateway()
    for shade, name in enumerate(("Mäntel 2026.png", 'a"b.png', "a;b=c.png", "..%2f..%2fpasswd.png", "外套.png")):
        payload = await upload_file(gateway, SentFile(png(shade=shade), name))
        assert payload["errors"] == []
        assert payload["upload"]["originalFilename"].replace("%22", '"') == name
