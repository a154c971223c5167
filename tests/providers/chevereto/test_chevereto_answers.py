"""Whatever Chevereto answers to an upload, and whatever breaks, the upload is sent once and its outcome is clear."""

import asyncio
import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.broken_after_sending import BrokenAfterSending
from harness.chevereto_vendor import PNG, a_file, adapter_for, adapter_over
from harness.emulators import bench
from harness.failure_cases.chevereto import NEEDED, SAMPLE, an_answer
from harness.odd_answers import odd_values, replaced, value_paths
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models import Upload
from linkweave.models.changes import NewUpload

FILE = NewUpload(file=a_file())
SOURCES = [FILE, NewUpload(base64=b64encode(PNG).decode()), NewUpload(url="https://www.example.com/a.png")]


async def uploaded(**changes: object) -> Upload:
    """The upload that is returned where a real server's answer has some other values."""
    return await adapter_for(200, json.dumps(an_answer(**changes)).encode()).upload(FILE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url_frame": ""}, "frame_url"),
        ({"url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": {"a": 1}}, "url"),
        ({"medium": None}, "medium_url"),
        ({"medium": []}, "medium_url"),
        ({"medium": {"url": 5}}, "medium_url"),
        ({"thumb": None}, "thumbnail_url"),
        ({"thumb": {}}, "thumbnail_url"),
        ({"thumb": []}, "thumbnail_url"),
        ({"duration": 0}, "duration_seconds"),
        ({"duration": "long"}, "duration_seconds"),
        ({"delete_url": None}, "delete_url"),
        ({"delete_url": "file:///etc/passwd"}, "delete_url"),
        ({"width": "wide"}, "width"),
        ({"height": -1}, "height"),
        ({"views": None}, "views"),
        ({"likes": 2**63}, "likes"),
        ({"is_approved": "maybe"}, "approved"),
        ({"date_gmt": "yesterday"}, "created_at"),
        ({"date_gmt": 5}, "created_at"),
        ({"expiration_date_gmt": "0000-00-00 00:00:00"}, "expires_at"),
        ({"title": ["x"]}, "title"),
    ],
)
async def test_an_empty_or_wrong_value_costs_its_field_alone(changes: dict[str, object], field: str) -> None:
    upload = await uploaded(**changes)
    whole = await uploaded()
    assert getattr(upload, field) is None
    assert replace(upload, **{field: getattr(whole, field)}, variants=whole.variants) == whole


@pytest.mark.parametrize(
    ("absent", "field", "value"),
    [
        ("id_encoded", "id", "hdC"),
        ("name", "name", "t13632832eeac9e37e"),
        ("extension", "extension", "png"),
        ("mime", "mime_type", "image/png"),
        ("nsfw", "nsfw", False),
        ("url_viewer", "viewer_url", "http://127.0.0.1:8082/image/hdC"),
        ("url_short", "short_url", "http://127.0.0.1:8082/image/hdC"),
    ],
)
@pytest.mark.parametrize("wrong", [None, "", [], {}])
async def test_what_an_older_site_leaves_out_is_told_by_other_fields(
    absent: str, field: str, value: object, wrong: object
) -> None:
    upload = await uploaded(**{absent: wrong})
    assert getattr(upload, field) == value
    assert upload == await uploaded()


async def test_an_address_with_blanks_is_an_address() -> None:
    upload = await uploaded(
        url="https://pics.example.com/my cat.png", medium={"url": "https://pics.example.com/a b.png"}
    )
    assert (upload.url, upload.medium_url) == (
        "https://pics.example.com/my%20cat.png",
        "https://pics.example.com/a%20b.png",
    )


@pytest.mark.parametrize(
    ("exif", "tags"),
    [
        ({"Model": "X100", "FNumber": 2.8, "ISO": 200}, (("Model", "X100"), ("FNumber", "2.8"), ("ISO", "200"))),
        ('{"Model": "X100"}', (("Model", "X100"),)),
        ({"GPS": ["25/1", "2/1"], "Maker": "\x00\x01", "Flash": None}, (("GPS", "25/1, 2/1"),)),
        ({"Long": "x" * 600}, (("Long", "x" * 500),)),
        *((wrong, ()) for wrong in (None, "", "not json", 5, [], ["a"])),
    ],
)
async def test_exif_data_is_names_and_texts(exif: object, tags: tuple[tuple[str, str], ...]) -> None:
    assert (await uploaded(original_exifdata=exif)).exif == tags


async def test_the_facts_of_a_picture_and_the_sizes_of_its_files_are_read() -> None:
    upload = await uploaded(source_md5="a" * 32, category_id=7, is_360="1")
    assert (upload.source_md5, upload.category, upload.is_360) == ("a" * 32, "7", True)
    assert [(each.kind, each.size, each.mime_type) for each in upload.variants] == [
        ("ORIGINAL", 156, "image/png"),
        ("THUMBNAIL", 1150, "image/png"),
    ]


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        (None, ()),
        ("red, blue", ()),
        ({"name": "red"}, ()),
        ([None, "red"], ("red",)),
        ([{"title": "red"}, {"name": "blue"}], ("blue",)),
    ],
)
async def test_a_wrong_tag_costs_the_tag_alone(tags: object, names: tuple[str, ...]) -> None:
    assert (await uploaded(tags=tags)).tags == names


async def test_numbers_and_flags_may_come_as_text() -> None:
    upload = await uploaded(size="156", nsfw="0", is_approved="1", width="64", views="0")
    assert upload == await uploaded()


@pytest.mark.parametrize("new", SOURCES)
@pytest.mark.parametrize(
    "outcome",
    [
        httpx2.WriteError("reset"),
        httpx2.RemoteProtocolError("Server disconnected without sending a response."),
        500,
    ],
)
async def test_an_upload_that_breaks_after_it_was_sent_is_ambiguous_and_sent_once(
    new: NewUpload, outcome: Exception | int
) -> None:
    good = bench("chevereto")
    adapter = adapter_over(httpx2.AsyncClient(transport=BrokenAfterSending(good.http, outcome)))
    with pytest.raises(AmbiguousError):
        await adapter.upload(new)
    assert len(good.calls) == 1


async def outcome_of(status: int, data: object) -> object:
    try:
        return await adapter_for(status, json.dumps(data).encode()).upload(FILE)
    except VendorError as error:
        return error


def is_json(text: str) -> bool:
    """Python also writes and reads what is no JSON, such as halves of characters."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


@given(
    path=st.sampled_from(list(value_paths(SAMPLE))), value=odd_values, status=st.sampled_from([200, 200, 200, 400, 201])
)
def test_any_value_anywhere_leads_to_an_upload_or_to_an_error_of_the_gateway(
    path: tuple[Any, ...], value: object, status: int
) -> None:
    data = replaced(SAMPLE, path, value)
    outcome = asyncio.run(outcome_of(status, data))
    assert isinstance(outcome, (Upload, VendorError))
    if is_json(json.dumps(data)) and status == 200 and len(path) > 1 and path[0] == "image" and path[1] not in NEEDED:
        assert isinstance(outcome, Upload)


def test_the_unchanged_answer_is_a_good_one() -> None:
    assert isinstance(asyncio.run(outcome_of(200, SAMPLE)), Upload)
