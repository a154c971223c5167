"""Uploads to Chevereto, from the exact request to the stored file as it is returned."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from harness.chevereto_vendor import (
    AVIF,
    BMP,
    GIF,
    JPG,
    PNG,
    SAMPLES,
    UPLOAD,
    WEBP,
    Handed,
    a_file,
    adapter_for,
    form_of,
    sized,
)
from harness.emulators import NOW, Bench, bench
from linkweave.models import Upload, UploadVariant
from linkweave.models.changes import InputProblem, NewUpload
from linkweave.providers.chevereto.adapter import CheveretoAdapter
from linkweave.providers.chevereto.emulator import ADMIN_KEY, MODERATED_KEY

EVERYTHING = NewUpload(
    title="A cat",
    description="On a mat; 100 %",
    tags=("red", "blue ü"),
    album="aLb1",
    category="3",
    width=32,
    expires_in="PT5M",
    nsfw=True,
    use_file_date=False,
)
TEXT_FIELDS = [
    ("title", None, b"A cat"),
    ("description", None, b"On a mat; 100 %"),
    ("tags", None, "red,blue ü".encode()),
    ("album_id", None, b"aLb1"),
    ("category_id", None, b"3"),
    ("width", None, b"32"),
    ("expiration", None, b"PT5M"),
    ("nsfw", None, b"1"),
    ("format", None, b"json"),
    ("use_file_date", None, b"0"),
]


def adapter_of(account: Bench) -> CheveretoAdapter:
    adapter = account.account.adapter
    assert isinstance(adapter, CheveretoAdapter)
    return adapter


def with_everything(new: NewUpload) -> NewUpload:
    given = {name: getattr(EVERYTHING, name) for name in EVERYTHING.__slots__}
    return NewUpload(**{**given, "file": new.file, "base64": new.base64, "url": new.url})


async def test_a_file_is_one_post_with_the_file_in_source_and_the_answer_as_json() -> None:
    account = bench("chevereto")
    await adapter_of(account).upload(NewUpload(file=a_file()))
    (call,) = account.calls
    assert (call.method, call.path, dict(call.query)) == ("POST", UPLOAD, {})
    assert call.headers["x-api-key"] == "sandbox-chevereto-key"
    boundary = call.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert call.body == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="format"\r\n\r\njson\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="source"; filename="cat.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode() + PNG + f"\r\n--{boundary}--\r\n".encode()  # fmt: skip
    assert call.headers["content-length"] == str(len(call.body))


async def test_every_parameter_of_the_document_has_its_field() -> None:
    account = bench("chevereto")
    await adapter_of(account).upload(with_everything(NewUpload(file=a_file())))
    (call,) = account.calls
    assert form_of(call) == [*TEXT_FIELDS, ("source", "cat.png", PNG)]


async def test_base64_travels_in_the_body_of_a_post() -> None:
    account = bench("chevereto")
    text = b64encode(PNG).decode()
    await adapter_of(account).upload(with_everything(NewUpload(base64=f" {text[:50]}\r\n{text[50:]}\n")))
    (call,) = account.calls
    assert (call.method, dict(call.query)) == ("POST", {})
    assert form_of(call) == [("source", None, text.encode()), *TEXT_FIELDS]


async def test_a_url_is_given_in_place_of_the_file() -> None:
    account = bench("chevereto", api_key=ADMIN_KEY)
    await adapter_of(account).upload(with_everything(NewUpload(url="https://www.example.com/a.png?b=c&d")))
    (call,) = account.calls
    assert form_of(call) == [("source", None, b"https://www.example.com/a.png?b=c&d"), *TEXT_FIELDS]


@pytest.mark.parametrize("tags", [None, ()])
async def test_a_field_without_a_value_is_not_sent(tags: tuple[str, ...] | None) -> None:
    account = bench("chevereto")
    await adapter_of(account).upload(NewUpload(base64=b64encode(PNG).decode(), tags=tags))
    assert [name for name, _, _ in form_of(account.calls[0])] == ["source", "format"]


@pytest.mark.parametrize(("value", "sent"), [(True, b"1"), (False, b"0")])
async def test_flags_are_1_or_0(value: bool, sent: bytes) -> None:
    account = bench("chevereto")
    await adapter_of(account).upload(NewUpload(file=a_file(), nsfw=value, use_file_date=value))
    assert {name: content for name, _, content in form_of(account.calls[0])[:-1]} == {
        "nsfw": sent,
        "format": b"json",
        "use_file_date": sent,
    }


def test_a_tag_with_a_comma_would_be_two() -> None:
    adapter = adapter_for(200, b"")
    assert adapter.check_upload(NewUpload(tags=("red", "a, b"))) == (
        InputProblem(("tags", "1"), "Chevereto separates tags by commas: a tag cannot hold one"),
    )
    assert adapter.check_upload(EVERYTHING) == ()


@pytest.mark.parametrize("breaks", ["\r", "\n", "\0"])
@pytest.mark.parametrize(("name", "content_type"), [("a{}b", "image/png"), ("cat.png", "a{}b")])
def test_a_file_whose_name_or_content_type_would_break_a_header_is_an_invalid_input(
    name: str, content_type: str, breaks: str
) -> None:
    file = a_file(name=name.format(breaks), content_type=content_type.format(breaks))
    (problem,) = adapter_for(200, b"").check_upload(NewUpload(file=file))
    assert (problem.path, problem.is_invalid) == (("file",), True)


async def test_the_stored_file_is_returned() -> None:
    upload = await adapter_of(bench("chevereto")).upload(with_everything(NewUpload(file=a_file())))
    assert (upload.title, upload.description, upload.tags) == ("A cat", "On a mat; 100 %", ("red", "blue ü"))
    assert (upload.width, upload.height, upload.size) == (32, 24, len(PNG))
    assert (upload.nsfw, upload.animated, upload.approved) == (True, False, True)
    assert (upload.created_at, upload.expires_at) == (NOW, NOW.replace(minute=35))
    assert (upload.original_filename, upload.mime_type, upload.extension) == ("cat.png", "image/png", "png")
    assert upload.url is not None
    assert upload.url.startswith("https://pics.brand-demo.example/images/2026/11/20/cat")


@pytest.mark.parametrize(
    ("content", "name", "extension", "size"),
    [
        (PNG, "a.PNG", "png", (64, 48)),
        (JPG, "a.jpeg", "jpg", (1200, 800)),
        (JPG, "a.jpg", "jpg", (1200, 800)),
        (GIF, "a.gif", "gif", (32, 16)),
        (BMP, "a.bmp", "png", (32, 16)),
        (WEBP, "a.webp", "webp", (1200, 800)),
        (AVIF, "a.avif", "avif", (1200, 800)),
        (PNG, "blob", "png", (64, 48)),
        (JPG, "named-otherwise.png", "jpg", (1200, 800)),
    ],
)
async def test_every_type_of_the_document_is_accepted(
    content: bytes, name: str, extension: str, size: tuple[int, int]
) -> None:
    upload = await adapter_of(bench("chevereto")).upload(NewUpload(file=a_file(content, name)))
    assert (upload.extension, (upload.width, upload.height)) == (extension, size)
    assert upload.animated == (content is GIF)
    assert (upload.medium_url is not None) == (size[0] > 500)


async def test_a_file_that_waits_for_approval_has_no_address_yet() -> None:
    upload = await adapter_of(bench("chevereto", api_key=MODERATED_KEY)).upload(NewUpload(file=a_file(JPG, "a.jpg")))
    assert upload.approved is False
    assert (upload.url, upload.thumbnail_url, upload.medium_url) == (None, None, None)
    assert upload.viewer_url
    assert upload.short_url


async def of_sample(name: str) -> Upload:
    return await adapter_for(200, (SAMPLES / f"{name}.body").read_bytes()).upload(NewUpload(file=a_file()))


async def test_the_answer_of_a_real_server_is_read() -> None:
    host = "http://127.0.0.1:8082"
    assert await of_sample("upload-file") == Upload(
        id="hdC",
        name="t13632832eeac9e37e",
        viewer_url=f"{host}/image/hdC",
        short_url=f"{host}/image/hdC",
        mime_type="image/png",
        extension="png",
        size=156,
        nsfw=False,
        title="A title",
        url=f"{host}/images/2026/11/21/t13632832eeac9e37e.png",
        thumbnail_url=f"{host}/images/2026/11/21/t13632832eeac9e37e.th.png",
        width=64,
        height=48,
        md5="001469a783efd930ed574c27abfce35f",
        original_filename="t1.png",
        tags=("red", "blue"),
        animated=False,
        approved=True,
        views=0,
        likes=0,
        is_360=False,
        variants=(
            UploadVariant("ORIGINAL", f"{host}/images/2026/11/21/t13632832eeac9e37e.png", "image/png", "png", 156),
            UploadVariant("THUMBNAIL", f"{host}/images/2026/11/21/t13632832eeac9e37e.th.png", "image/png", "png", 1150),
        ),
        created_at=datetime(2026, 11, 22, 0, 5, 52, tzinfo=UTC),
        expires_at=datetime(2026, 11, 22, 0, 10, 52, tzinfo=UTC),
        delete_url=f"{host}/image/hdC/delete/<secret>",
    )


async def test_the_answer_of_a_real_server_to_base64_is_read() -> None:
    upload = await of_sample("base64")
    assert (upload.name, upload.original_filename) == ("9d2bb7926237", "9d2bb7926237.png")
    assert (upload.tags, upload.expires_at) == ((), None)


async def test_the_documents_example_of_a_video_is_read() -> None:
    upload = await of_sample("document")
    assert (upload.id, upload.mime_type, upload.duration_seconds) == ("ZfGd", "video/mp4", 73)
    assert (upload.width, upload.height, upload.size) == (496, 360, 3_011_299)
    assert upload.frame_url == "http://localhost/images/2024/10/10/Badgers-animated-music-video.fr.jpeg"
    assert upload.medium_url is None
    assert upload.expires_at == datetime(2024, 10, 10, 20, 28, tzinfo=UTC)
    assert "delete" not in repr(upload)


async def test_tags_may_be_words_and_fields_may_be_absent() -> None:
    image = json.loads((SAMPLES / "upload-file.body").read_bytes())["image"]
    kept = ("id_encoded", "name", "extension", "mime", "size", "nsfw", "url_viewer", "url_short")
    body = json.dumps({"image": {**{name: image[name] for name in kept}, "tags": ["red", {"name": "blue"}]}}).encode()
    upload = await adapter_for(200, body).upload(NewUpload(file=a_file()))
    assert upload.tags == ("red", "blue")
    told = ("title", "url", "thumbnail_url", "width", "md5", "animated", "approved", "views", "created_at")
    assert {name: getattr(upload, name) for name in told} == dict.fromkeys(told)


async def test_only_the_first_bytes_are_read_before_the_file_is_sent() -> None:
    file = Handed(PNG + bytes(10_000 - len(PNG)), piece=10)
    await adapter_of(bench("chevereto")).upload(NewUpload(file=file.source()))
    assert (file.opened, file.closed) == (2, 2)
    assert file.read == [70, 10_000]


async def test_a_file_may_be_any_asynchronous_iterator() -> None:
    class Pieces:
        """An iterator that is no generator."""

        def __init__(self) -> None:
            self._rest = [PNG[:5], PNG[5:]]

        def __aiter__(self) -> "Pieces":
            return self

        async def __anext__(self) -> bytes:
            if not self._rest:
                raise StopAsyncIteration
            return self._rest.pop(0)

    upload = await adapter_of(bench("chevereto")).upload(NewUpload(file=sized(len(PNG), Pieces)))
    assert upload.size == len(PNG)
