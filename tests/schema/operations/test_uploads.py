"""uploadFile stores files from a form, from Base64 and by URL. A later request reads them by their IDs."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from starlette.applications import Starlette

from harness.gateway import Gateway, five_providers, open_gateway
from harness.graphql_writes import only_error
from harness.multipart_client import UPLOAD, SentFile, in_base64, png, send_form, upload_file, upload_files
from linkweave.models import Capability
from linkweave.schema.global_ids import encode_id

ABLE = [e.sandbox_accounts[0].key for e in five_providers().values() if Capability.UPLOAD_FILE in e.capabilities]

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
    """The form fields that the site received with its only file."""
    app = cast("Starlette", gateway.sandbox.slots["chevereto"].app)
    (upload,) = app.state.uploads.values()
    return cast("Mapping[str, str]", upload.fields)


async def node_of(gateway: Gateway, upload: str) -> Any:
    return (await gateway.data(NODE, id=upload))["node"]


@pytest.mark.parametrize("account", ABLE)
async def test_a_file_in_a_form_is_stored_and_readable_by_its_id(account: str) -> None:
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


async def test_a_site_that_downloads_files_stores_a_file_by_its_url() -> None:
    gateway = open_gateway(accounts=site(api_key="sandbox-chevereto-admin-key"))
    url = "https://www.example.com/coat.png?size=large"
    payload = await gateway.payload(UPLOAD, input={"account": "chevereto", "url": url})
    assert payload["errors"] == []
    assert payload["upload"]["originalFilename"] == "coat.png"
    assert fields_at_the_site(gateway)["source"] == url


async def test_a_url_is_unsupported_at_a_site_that_downloads_no_files() -> None:
    payload = await open_gateway().payload(
        UPLOAD, input={"account": "chevereto", "url": "https://www.example.com/coat.png"}
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
async def test_the_upload_has_the_value_of_every_parameter(
    source: str, given: dict[str, Any], shows: dict[str, Any]
) -> None:
    gateway = open_gateway()
    if source == "file":
        payload = await upload_file(gateway, SentFile(PICTURE), **given)
    else:
        variables = {"account": "chevereto", "base64": in_base64(PICTURE), **given}
        payload = await gateway.payload(UPLOAD, input=variables)
    assert payload["errors"] == []
    assert {name: payload["upload"][name] for name in shows} == shows
    node = await node_of(gateway, payload["upload"]["id"])
    assert {name: node[name] for name in shows} == shows


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"category": "7"}, "category_id", "7"),
        ({"useFileDate": True}, "use_file_date", "1"),
    ],
)
async def test_parameters_that_the_site_does_not_return_reach_the_site(
    given: dict[str, Any], field: str, said: str
) -> None:
    gateway = open_gateway()
    assert (await upload_file(gateway, SentFile(PICTURE), **given))["errors"] == []
    assert fields_at_the_site(gateway)[field] == said
    assert fields_at_the_site(gateway)["format"] == "json"


async def test_each_file_of_an_operation_is_stored() -> None:
    gateway = open_gateway()
    files = [SentFile(png(shade=shade), f"shade-{shade}.png") for shade in range(5)]
    payloads = await upload_files(gateway, files)
    assert [payload["upload"]["originalFilename"] for payload in payloads] == [file.name for file in files]
    assert len({payload["upload"]["md5"] for payload in payloads}) == 5
    assert len(gateway.calls()["chevereto"]) == 5


async def test_a_wrong_file_of_an_operation_does_not_stop_the_others() -> None:
    files = [SentFile(PICTURE), SentFile(b"plain text", "notes.txt", "text/plain"), SentFile(png(shade=9))]
    payloads = await upload_files(open_gateway(), files)
    assert [payload["upload"] is not None for payload in payloads] == [True, False, True]
    assert only_error(payloads[1])["code"] == "INVALID_INPUT"


async def test_one_part_of_a_form_can_be_the_file_of_two_variables() -> None:
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


async def test_a_file_that_waits_for_approval_has_no_url() -> None:
    gateway = open_gateway(accounts=site(api_key="sandbox-chevereto-moderated-key"))
    payload = await upload_file(gateway, SentFile(PICTURE))
    upload = payload["upload"]
    assert payload["errors"] == []
    assert (upload["approved"], upload["url"], upload["thumbnailUrl"]) == (False, None, None)
    assert upload["viewerUrl"].startswith("https://")
    assert await node_of(gateway, upload["id"]) == upload


async def test_the_gateway_stores_an_upload_for_thirty_days() -> None:
    gateway = open_gateway()
    upload = (await upload_file(gateway, SentFile(PICTURE)))["upload"]["id"]
    await gateway.clock.sleep(30 * DAY - 60)
    assert (await node_of(gateway, upload))["id"] == upload
    await gateway.clock.sleep(120)
    assert await node_of(gateway, upload) is None


@pytest.mark.parametrize("parts", [("chevereto", "unknown"), ("nobody", "x"), ("tinycc", "x")])
async def test_an_unknown_upload_is_null(parts: tuple[str, str]) -> None:
    assert await node_of(open_gateway(), encode_id("Upload", *parts)) is None


async def test_the_site_gets_odd_file_names_unchanged() -> None:
    gateway = open_gateway()
    for shade, name in enumerate(("Mäntel 2026.png", 'a"b.png', "a;b=c.png", "..%2f..%2fpasswd.png", "外套.png")):
        payload = await upload_file(gateway, SentFile(png(shade=shade), name))
        assert payload["errors"] == []
        assert payload["upload"]["originalFilename"].replace("%22", '"') == name


@pytest.mark.parametrize(
    ("given", "shows", "errors"),
    [
        (
            {"tags": ["red", "a/b", "x" * 33, "<i>"]},
            {"tags": ["red"]},
            [("REJECTED", ["input", "tags", str(at)]) for at in (1, 2, 3)],
        ),
        (
            {"tags": [f"tag {at}" for at in range(12)]},
            {"tags": [f"tag {at}" for at in range(10)]},
            [("REJECTED", ["input", "tags", "10"]), ("REJECTED", ["input", "tags", "11"])],
        ),
        ({"title": "t" * 120}, {"title": "t" * 100}, [("REJECTED", ["input", "title"])]),
        ({"title": "0"}, {"title": "picture"}, [("REJECTED", ["input", "title"])]),
        ({"description": "0"}, {"description": None}, [("REJECTED", ["input", "description"])]),
        ({"expiresIn": "PT1M"}, {"expiresAt": "2026-11-20T10:35:00Z"}, [("REJECTED", ["input", "expiresIn"])]),
        ({"expiresIn": "P3000D"}, {"expiresAt": "2027-11-20T10:30:00Z"}, [("REJECTED", ["input", "expiresIn"])]),
        ({"category": "4711"}, {"category": "4711"}, []),
        # No answer tells the album of a file.
        ({"album": "aB3"}, {"approved": True}, [("AMBIGUOUS", ["input", "album"])]),
    ],
)
async def test_what_the_site_leaves_out_without_a_word_is_told_beside_the_upload(
    given: dict[str, Any], shows: dict[str, Any], errors: list[tuple[str, list[str]]]
) -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE, "picture.png"), **given)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == errors
    node = (await gateway.data(NODE.replace("deleteUrl", "category"), id=payload["upload"]["id"]))["node"]
    assert {name: node[name] for name in shows} == shows


@pytest.mark.parametrize(
    ("given", "code", "path", "provider_code"),
    [
        ({"width": 9}, "INVALID_INPUT", ["input", "width"], "610"),
        ({"category": "abc"}, "REJECTED", ["input", "category"], "22007"),
    ],
)
async def test_a_refused_option_is_named_without_the_sites_words(
    given: dict[str, Any], code: str, path: list[str], provider_code: str
) -> None:
    error = only_error(await upload_file(open_gateway(), SentFile(PICTURE), **given))
    assert (error["code"], error["path"], error["providerCode"]) == (code, path, provider_code)
    assert "SQL" not in error["message"]


async def test_a_site_that_has_uploads_turned_off_knows_the_key() -> None:
    gateway = open_gateway(accounts=site(api_key="sandbox-chevereto-closed-key"))
    error = only_error(await upload_file(gateway, SentFile(PICTURE)))
    assert (error["code"], error["providerCode"]) == ("FORBIDDEN", "401")


async def test_a_file_name_with_blanks_has_an_address() -> None:
    payload = await upload_file(open_gateway(), SentFile(PICTURE, "my winter coat.png"))
    assert "/my%20winter%20coat" in payload["upload"]["url"]


async def test_the_facts_and_the_files_of_an_upload_are_stored_with_it() -> None:
    gateway = open_gateway()
    payload = await upload_file(gateway, SentFile(PICTURE, "coat.png"), category="7")
    facts = "sourceMd5 exif { name value } category is360 variants { kind url mimeType extension size }"
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Upload {{ {facts} }} }} }}"
    node = (await gateway.data(query, id=payload["upload"]["id"]))["node"]
    assert (node["sourceMd5"], node["exif"], node["category"], node["is360"]) == (None, [], "7", False)
    assert [(each["kind"], each["extension"], each["size"]) for each in node["variants"]] == [
        ("ORIGINAL", "png", len(PICTURE)),
        ("THUMBNAIL", "png", 1150),
    ]
    assert all(each["url"].startswith("https://pics.brand-demo.example/") for each in node["variants"])
