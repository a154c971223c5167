"""The map of a request with files: each file goes to its places in the variables, or nothing runs."""

import json
from typing import Any

import httpx2
import pytest
from cross_web import HTTPException
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from harness.gateway import open_gateway
from harness.multipart_client import FILES, PLACES, PREFLIGHT, SentFile, png, refusal_of, send_upload
from linkweave.edge.http.multipart_requests import MAX_OPERATION_BYTES, read_multipart
from linkweave.models.changes import FileSource


@pytest.mark.parametrize(
    "places",
    [
        "",
        "{",
        "null",
        "[]",
        "5",
        '"0"',
        "[[]]",
        {"0": None},
        {"0": []},
        {"0": {}},
        {"0": "variables.input.file"},
        {"0": [1]},
        {"0": [None]},
        {"0": [["variables.input.file"]]},
        {"0": ["variables.input.file", 1]},
        {"query": "variables.input.file"},
    ],
    ids=str,
)
async def test_a_map_is_an_object_of_lists_of_paths(places: object) -> None:
    gateway = open_gateway()
    refusal_of(await send_upload(gateway, places=places))
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "variables",
        "variables.",
        "variables..file",
        "variables.input",
        "variables.input.",
        "variables.input.account",
        "variables.input.account.0",
        "variables.input.missing",
        "variables.input.file.x",
        "variables.input.file.0",
        "variables.0",
        "variables.nothing.file",
        "variables.input.__class__",
        "variables.__proto__.file",
        "variables.constructor.prototype",
        "query",
        "query.0",
        "operationName",
        "extensions.file",
        "input.file",
        " variables.input.file",
        "variables.input.file ",
        "VARIABLES.input.file",
        "0.variables.input.file",
        "variables.input.f\u0131le",
        "variables." * 10_000 + "file",
    ],
    ids=lambda path: repr(path[:40]),
)
async def test_a_path_must_lead_to_a_null_in_the_variables(path: str) -> None:
    gateway = open_gateway()
    refusal_of(await send_upload(gateway, places={"0": [path]}))
    assert gateway.calls() == {}


LISTED = {"query": "query ($v: [ID!]) { accounts(providers: $v) { key } }", "variables": {"v": [None, "x", [None]]}}


@pytest.mark.parametrize(
    "index",
    ["1", "3", "-1", "00000009", "9" * 30, "9" * 5_000, "0x0", "1e0", "\u0660", "\u00b2", "", "v", "2.1", "2.-1"],
)
async def test_an_index_must_be_in_its_list(index: str) -> None:
    refusal_of(await send_upload(open_gateway(), LISTED, {"0": [f"variables.v.{index}"]}))


@pytest.mark.parametrize("index", ["0", "2.0", "00"])
async def test_a_file_in_a_list_is_refused_if_the_schema_has_no_upload_there(index: str) -> None:
    response = await send_upload(open_gateway(), LISTED, {"0": [f"variables.v.{index}"]})
    assert response.status_code == 200
    assert "errors" in response.json()


async def test_a_place_is_for_one_file() -> None:
    gateway = open_gateway()
    path = PLACES["0"][0]
    for places in ({"0": [path, path]}, {"0": [path], "1": [path]}):
        refusal_of(await send_upload(gateway, places=places, files={"0": SentFile(png()), "1": SentFile(png(shade=1))}))
    assert gateway.calls() == {}


async def test_a_path_cannot_lead_into_a_file() -> None:
    gateway = open_gateway()
    places = {"0": ["variables.input.file"], "1": ["variables.input.file.name"]}
    refusal_of(await send_upload(gateway, places=places, files={"0": SentFile(png()), "1": SentFile(png())}))
    assert gateway.calls() == {}


@pytest.mark.parametrize("name", ["0", "file", "operationName", "query", "__proto__", "a.b", "\u00e4", ""])
async def test_a_file_may_have_any_name_in_the_map(name: str) -> None:
    response = await send_upload(open_gateway(), places={name: PLACES["0"]}, files={name: FILES["0"]})
    assert response.status_code == 200, response.text
    assert response.json()["data"]["payload"]["errors"] == []


async def test_a_file_that_the_map_does_not_name_is_ignored() -> None:
    gateway = open_gateway()
    response = await send_upload(gateway, files={"0": FILES["0"], "extra": SentFile(b"not in the map")})
    assert response.json()["data"]["payload"]["errors"] == []
    assert gateway.calls() == {"chevereto": ["POST /api/1/upload"]}


async def test_as_many_entries_as_a_form_may_hold_are_refused() -> None:
    gateway = open_gateway()
    entry = '"{}":["variables.input.file"]'
    many = "{" + ",".join(entry.format(number) for number in range(MAX_OPERATION_BYTES // (len(entry) + 5))) + "}"
    assert len(many) < MAX_OPERATION_BYTES
    refusal_of(await send_upload(gateway, places=many))
    refusal_of(await send_upload(gateway, places={"0": ["variables.input.file"] * 40_000}))
    assert gateway.calls() == {}


steps = st.sampled_from(
    [
        "variables",
        "input",
        "file",
        "files",
        "0",
        "1",
        "2",
        "-1",
        "",
        "query",
        "__proto__",
        "9" * 5_000,
        "account",
        "\u0661",
    ]
)
paths = st.one_of(st.lists(steps, max_size=5).map(".".join), st.text(max_size=20))
leaves = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), paths)
junk = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(paths, inner, max_size=3))
names = st.sampled_from(["0", "1", "missing", "operationName", "__proto__"])
maps = st.one_of(junk, st.dictionaries(names, st.lists(paths, max_size=3) | junk, max_size=4))
values = st.one_of(
    junk,
    st.fixed_dictionaries(
        {
            "input": st.fixed_dictionaries(
                {"account": st.just("chevereto"), "file": st.none() | junk}, optional={"files": junk}
            )
        }
    ),
)


SHORT = "mutation ($input: UploadFileInput!) { uploadFile(input: $input) { upload { id } errors { code } } }"
FORM_FILES = {"0": SentFile(b"GIF89a", "0.gif"), "1": SentFile(b"GIF89a", "1.gif")}


async def read(places: Any, variables: Any) -> dict[str, Any] | HTTPException:
    """The operation in a form with this map, or the refusal."""
    fields = {"operations": json.dumps({"query": "{ x }", "variables": variables}), "map": json.dumps(places)}
    files = {name: (file.name, file.content) for name, file in FORM_FILES.items()}
    form = httpx2.Request("POST", "http://gateway", data=fields, files=files, headers=PREFLIGHT)
    body = form.read()

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    request = Request({"type": "http", "method": "POST", "headers": form.headers.raw}, receive)
    try:
        return await read_multipart(request)
    except HTTPException as refusal:
        return refusal
    finally:
        await request.close()


def files_in(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(files_in, value.values()))
    return sum(map(files_in, value)) if isinstance(value, list) else isinstance(value, FileSource)


@settings(max_examples=50)
@given(places=maps, variables=values)
async def test_a_map_is_refused_or_every_file_is_in_its_place(places: Any, variables: Any) -> None:
    read_form = await read(places, variables)
    if isinstance(read_form, HTTPException):
        assert read_form.status_code == 400
    else:
        assert read_form.keys() == {"query", "variables"}
        assert files_in(read_form["variables"]) == sum(map(len, places.values()))


@settings(max_examples=10)
@given(places=maps, variables=values)
async def test_no_map_and_no_variables_make_the_gateway_fail(places: Any, variables: Any) -> None:
    operations = json.dumps({"query": SHORT, "variables": variables})
    response = await send_upload(open_gateway(), operations, json.dumps(places), FORM_FILES)
    assert response.status_code in {200, 400}, response.text
    assert "INTERNAL" not in response.text
