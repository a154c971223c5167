"""Chevereto: whatever is answered to an upload, and whatever breaks, it is told for what it is and sent once."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.broken_after_sending import BrokenAfterSending
from harness.chevereto_vendor import PNG, SAMPLES, a_file, adapter_for, adapter_over
from harness.emulators import bench
from linkweave.errors import AmbiguousError, RateLimitedError, UnavailableError, VendorError
from linkweave.models import Upload
from linkweave.models.changes import NewUpload

SAMPLE: Any = json.loads((SAMPLES / "upload-file.body").read_bytes())
FILE = NewUpload(file=a_file())
SOURCES = [FILE, NewUpload(base64=b64encode(PNG).decode()), NewUpload(url="https://www.example.com/a.png")]


def answer_with(**changes: object) -> bytes:
    return json.dumps({**SAMPLE, "image": {**SAMPLE["image"], **changes}}).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"id_encoded": None},
        {"id_encoded": ""},
        {"name": ["x"]},
        {"size": -1},
        {"size": "156"},
        {"size": 1.5},
        {"size": True},
        {"size": 2**31},
        {"nsfw": 2},
        {"nsfw": None},
        {"is_approved": "1"},
        {"url": "javascript:alert(1)"},
        {"url": {"a": 1}},
        {"url_viewer": ""},
        {"url_short": None},
        {"delete_url": "file:///etc/passwd"},
        {"thumb": []},
        {"medium": {"url": 5}},
        {"tags": None},
        {"tags": "red, blue"},
        {"tags": {"name": "red"}},
        {"tags": [None]},
        {"tags": [{"title": "red"}]},
        {"date_gmt": "yesterday"},
        {"date_gmt": 5},
        {"date_gmt": "2026-11-22T00:05:52Z"},
        {"expiration_date_gmt": "0000-00-00 00:00:00"},
        {"views": "0"},
        {"duration": None, "width": "64"},
    ],
)
async def test_an_answer_of_another_shape_leaves_it_open_whether_the_file_was_stored(
    changes: dict[str, object],
) -> None:
    with pytest.raises(AmbiguousError) as caught:
        await adapter_for(200, answer_with(**changes)).upload(FILE)
    assert "may have been made" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b"http://host/a.png", b'{"image": null}', b'{"image": []}']
)
async def test_an_answer_without_an_image_leaves_it_open_too(body: bytes) -> None:
    with pytest.raises(AmbiguousError):
        await adapter_for(200, body).upload(FILE)


@pytest.mark.parametrize(
    ("changes", "untold"),
    [
        ({"url_frame": ""}, "frame_url"),
        ({"url": ""}, "url"),
        ({"medium": None}, "medium_url"),
        ({"thumb": None}, "thumbnail_url"),
        ({"thumb": {}}, "thumbnail_url"),
        ({"duration": 0}, "duration_seconds"),
        ({"delete_url": None}, "delete_url"),
    ],
)
async def test_what_is_empty_is_not_told(changes: dict[str, object], untold: str) -> None:
    upload = await adapter_for(200, answer_with(**changes)).upload(FILE)
    assert getattr(upload, untold) is None


@pytest.mark.parametrize("new", SOURCES)
@pytest.mark.parametrize(
    "outcome",
    [
        httpx2.ReadError("reset"),
        httpx2.WriteError("reset"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("Server disconnected without sending a response."),
        500,
        503,
        301,
        200,
    ],
)
async def test_what_breaks_after_it_was_sent_may_have_been_stored_and_is_sent_once(
    new: NewUpload, outcome: Exception | int
) -> None:
    good = bench("chevereto")
    adapter = adapter_over(httpx2.AsyncClient(transport=BrokenAfterSending(good.http, outcome)))
    with pytest.raises(AmbiguousError):
        await adapter.upload(new)
    assert len(good.calls) == 1


@pytest.mark.parametrize("new", SOURCES)
async def test_what_never_left_was_not_stored(new: NewUpload) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(UnavailableError):
        await adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(refuse))).upload(new)


async def test_too_many_requests_are_a_certain_refusal_and_are_not_repeated() -> None:
    good = bench("chevereto")
    with pytest.raises(RateLimitedError):
        await adapter_over(httpx2.AsyncClient(transport=BrokenAfterSending(good.http, 429))).upload(FILE)
    assert len(good.calls) == 1


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(["", "0", "https://x", "2026-11-22 00:05:52", "9999-12-31 23:59:59", "\ud800", 10**400, 2**31 - 1]),
)
keys = st.one_of(st.text(), st.sampled_from(["image", "error", "code", "message", "url", "name", "tags"]))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from places(inner, (*path, key))


def put(path: tuple[Any, ...], value: object) -> object:
    if not path:
        return value
    answer = deepcopy(SAMPLE)
    inner = answer
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return answer


async def outcome_of(status: int, data: object) -> object:
    try:
        return await adapter_for(status, json.dumps(data).encode()).upload(FILE)
    except VendorError as error:
        return error


@settings(deadline=None)
@given(path=st.sampled_from(list(places(SAMPLE))), value=values, status=st.sampled_from([200, 200, 200, 400, 201]))
def test_anything_anywhere_gives_an_upload_or_an_error_of_ours(
    path: tuple[Any, ...], value: object, status: int
) -> None:
    assert isinstance(asyncio.run(outcome_of(status, put(path, value))), (Upload, VendorError))


def test_the_answer_that_is_broken_in_every_place_is_a_good_one() -> None:
    assert isinstance(asyncio.run(outcome_of(200, SAMPLE)), Upload)
