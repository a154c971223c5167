"""Chevereto's emulator, asked without the adapter: what the vendor's document and its source promise to any client."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import md5
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.chevereto_vendor import JPG, MP4, PNG, SAMPLES, UPLOAD
from harness.emulators import NOW, ManualClock
from linkweave.providers.chevereto.emulator import ADMIN_KEY, DEMO_KEY, MODERATED_KEY, create_emulator
from linkweave.providers.chevereto.emulator.durations import after
from linkweave.providers.emulator_kit import EmulatorOptions

FILE = {"source": ("t1.png", PNG, "image/png")}
KEY = {"x-api-key": DEMO_KEY}


class Site:
    """One emulator and a client of it."""

    def __init__(self, *, rate_limits: bool = True) -> None:
        self.clock = ManualClock()
        self.app = create_emulator(EmulatorOptions(self.clock, rate_limits))
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self.app), base_url="http://emulator")

    async def ask(self, method: str = "POST", path: str = UPLOAD, key: str = DEMO_KEY, **more: Any) -> httpx2.Response:
        return await self.http.request(method, path, headers={"x-api-key": key}, **more)


def refusal_of(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.status_code == 400
    body = answer.json()
    assert (body["status_code"], body["status_txt"]) == (400, "Bad Request")
    return body["error"]["code"], body["error"]["message"]


async def test_a_stored_file_has_every_field_of_a_real_server_in_its_order() -> None:
    answer = await Site().ask(files=FILE, data={"title": "A title", "tags": "red,blue", "expiration": "PT5M"})
    body, sample = answer.json(), json.loads((SAMPLES / "upload-file.body").read_bytes())
    assert answer.status_code == 200
    assert {**body, "image": None} == {**sample, "image": None}
    image, real = body["image"], sample["image"]
    assert [type(image[name]) for name in real] == [type(value) for value in real.values()]
    assert set(image) == set(real)
    for name in ("width", "height", "title", "tags", "tags_string", "nsfw", "storage_mode", "original_filename"):
        assert image[name] == real[name]
    for name in ("image", "thumb", "medium", "file"):
        assert set(image[name]) == set(real[name])
    assert image["md5"] == md5(PNG, usedforsecurity=False).hexdigest()
    assert (image["date_gmt"], image["date"]) == ("2026-11-20 10:30:00", "2026-11-20 07:30:00")
    assert image["expiration_date_gmt"] == "2026-11-20 10:35:00"
    assert "http:\\/\\/" in answer.text.replace("https", "http")


@pytest.mark.parametrize(
    ("sample", "request_"),
    [
        ("no-key", {"headers": {}}),
        ("bad-key", {"headers": {"x-api-key": "chv_wrong"}}),
        ("empty-source", {"headers": KEY}),
        ("empty-source", {"params": {"key": DEMO_KEY}}),
        ("empty-source", {"data": {"key": DEMO_KEY, "source": ""}}),
        ("bad-base64", {"headers": KEY, "data": {"source": "no-base64"}}),
        ("bad-base64", {"headers": KEY, "data": {"source": "iVBORw0KGgp="}}),
        ("not-an-image", {"headers": KEY, "files": {"source": ("a.txt", b"words", "text/plain")}}),
        ("url-loopback", {"headers": KEY, "data": {"source": "http://127.0.0.1/a.png"}}),
    ],
)
async def test_a_refusal_is_that_of_a_real_server_byte_by_byte(sample: str, request_: dict[str, Any]) -> None:
    answer = await Site().http.post(UPLOAD, **request_)
    assert answer.status_code == 400
    assert answer.content == (SAMPLES / f"{sample}.body").read_bytes()


async def test_the_header_is_believed_before_the_parameter() -> None:
    answer = await Site().ask(key="chv_wrong", params={"key": DEMO_KEY}, files=FILE)
    assert (refusal_of(answer))[0] == 100


@pytest.mark.parametrize(("path", "code"), [("/api/9/upload", 110), ("/api/1/delete", 120)])
async def test_there_is_one_version_and_one_action(path: str, code: int) -> None:
    assert refusal_of(await Site().ask(path=path, files=FILE))[0] == code


@pytest.mark.parametrize("kind", ["txt", "redirect"])
async def test_formats_without_a_place_for_an_error_answer_its_text_with_200(kind: str) -> None:
    answer = await Site().ask(params={"format": kind})
    assert (answer.status_code, answer.text) == (200, "Empty upload source")


async def test_base64_is_taken_from_a_post_only() -> None:
    source = {"source": b64encode(JPG).decode()}
    site = Site()
    assert refusal_of(await site.ask("GET", params=source)) == (
        130,
        "Upload using base64 source must be done using POST method.",
    )
    image = (await site.ask(data=source)).json()["image"]
    assert image["original_filename"] == f"{image['name']}.jpg"
    assert image["md5"] == md5(JPG, usedforsecurity=False).hexdigest()


async def test_an_administrator_may_upload_from_a_url_also_with_get() -> None:
    site = Site()
    for method, url in (("GET", "https://www.example.com/cat.png?a=b"), ("POST", "https://www.example.com")):
        answer = await site.ask(method, key=ADMIN_KEY, params={"source": url})
        assert answer.status_code == 200
    assert [upload.file.name for upload in site.app.state.uploads.values()] == ["cat.png", "www.example.com"]


async def test_the_same_file_again_is_refused_for_a_day_to_the_same_user() -> None:
    site = Site()
    await site.ask(files=FILE)
    assert refusal_of(await site.ask(files=FILE)) == (101, "Duplicated upload")
    assert (await site.ask(key=MODERATED_KEY, files=FILE)).status_code == 200
    site.clock.advance(timedelta(days=1).total_seconds())
    assert (await site.ask(files=FILE)).status_code == 200


@pytest.mark.parametrize(("rate_limits", "code"), [(True, 130), (False, None)])
async def test_floods_are_refused(code: int | None, *, rate_limits: bool) -> None:
    site = Site(rate_limits=rate_limits)
    for number in range(50):
        await site.ask(files={"source": ("a.png", PNG + bytes([number]), "image/png")})
    answer = await site.ask(files=FILE)
    assert answer.json().get("error", {}).get("code") == code


@pytest.mark.parametrize(
    ("file", "data", "refusal"),
    [
        (("a.mp4", MP4, "video/mp4"), {}, (614, "Disabled image format (mp4)")),
        (("a.png", PNG + bytes(20_000_000), "image/png"), {}, (400, "File too big - max 20 MB")),
        (FILE["source"], {"width": "65"}, (610, "Target width is greater than the original image width")),
        (FILE["source"], {"width": "9" * 5000}, (610, "Target width is greater than the original image width")),
    ],
)
async def test_files_are_refused_by_format_size_and_width(
    file: object, data: dict[str, str], refusal: tuple[int, str]
) -> None:
    site = Site()
    assert refusal_of(await site.ask(files={"source": file}, data=data)) == refusal
    assert site.app.state.uploads == {}


@pytest.mark.parametrize(
    ("interval", "later"),
    [
        ("PT5M", timedelta(minutes=5)),
        ("P3D", timedelta(days=3)),
        ("P1Y2M1W", timedelta(days=365 + 60 + 7)),
        ("P1DT2H3S", timedelta(days=1, hours=2, seconds=3)),
        ("P", None),
        ("PT", None),
        ("3 days", None),
        ("P9999Y", None),
    ],
)
def test_an_interval_is_read_as_php_writes_it(interval: str, later: timedelta | None) -> None:
    assert after(NOW, interval) == (None if later is None else NOW + later)


BOUNDARY = "limes"
BODY = (
    b'a preamble\r\n--limes\r\nContent-Disposition: form-data; name="title"\r\n\r\nwith\r\n--lime in it\r\n'
    b'--limes\r\nX-More: 1\r\ncontent-disposition: form-data; name="description"\r\n\r\n\r\n'
    b"--limes\r\n\r\nnameless\r\n"
    b'--limes\r\nContent-Disposition: form-data; name="source"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    + PNG + b"\r\n--limes--\r\nan epilogue"
)  # fmt: skip


async def sent_in(cuts: list[int]) -> dict[str, Any]:
    async def chunks() -> AsyncIterator[bytes]:
        for start, end in zip([0, *cuts], [*cuts, len(BODY)], strict=True):
            yield BODY[start:end]

    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = {"x-api-key": DEMO_KEY, "content-type": kind}
    answer = await Site().http.post(UPLOAD, headers=headers, content=chunks())
    image: dict[str, Any] = answer.json()["image"]
    return image


@settings(max_examples=60)
@given(cuts=st.lists(st.integers(0, len(BODY)), max_size=8).map(sorted))
def test_a_form_is_read_the_same_wherever_it_is_cut_into_pieces(cuts: list[int]) -> None:
    image = asyncio.run(sent_in(cuts))
    assert (image["title"], image["description"]) == ("with\r\n--lime in it", None)
    assert image["md5"] == md5(PNG, usedforsecurity=False).hexdigest()
    assert image["size"] == len(PNG)
