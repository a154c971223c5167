"""Forms with a file: what is sent, and that its length is known before."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

import httpx2
import pytest

from harness.wires import over, served
from linkweave.errors import RejectedError
from linkweave.models.changes import FileSource
from linkweave.transport.call import Call, FilePart, Pairs
from linkweave.transport.http.multipart import MultipartForm

PIECES = (b"\x89PNG", b"\r\n--not the boundary\r\n", b"end")


async def pieces() -> AsyncIterator[bytes]:
    for piece in PIECES:
        yield piece


def a_file(name: str = "cat.png", content_type: str = "image/png") -> FilePart:
    return FilePart("source", FileSource(name, content_type, sum(len(piece) for piece in PIECES), pieces))


async def body_of(form: MultipartForm) -> bytes:
    return b"".join([piece async for piece in form])


async def parts_of(form: MultipartForm) -> list[Message]:
    """As Python's own parser of such bodies reads it."""
    headers = dict(form.headers)
    whole = message_from_bytes(f"Content-Type: {headers['content-type']}\r\n\r\n".encode() + await body_of(form))
    assert whole.is_multipart()
    return [part for part in whole.walk() if part is not whole]


FIELDS: Pairs = (("title", "Ein Kätzchen"), ("tag", "a"), ("tag", "b"), ("empty", ""))


@pytest.mark.parametrize("fields", [(), FIELDS])
@pytest.mark.parametrize("file", [None, a_file()])
async def test_the_declared_length_is_that_of_the_body(fields: Pairs, file: FilePart | None) -> None:
    form = MultipartForm(fields, file)
    assert dict(form.headers)["content-length"] == str(len(await body_of(form)))


async def test_every_field_is_a_part_in_its_order_and_the_file_comes_last() -> None:
    parts = await parts_of(MultipartForm(FIELDS, a_file()))
    named = [(part.get_param("name", header="content-disposition"), part.get_payload(decode=True)) for part in parts]
    assert named == [*((name, value.encode()) for name, value in FIELDS), ("source", b"".join(PIECES))]
    assert (parts[-1].get_filename(), parts[-1].get_content_type()) == ("cat.png", "image/png")


async def test_a_name_cannot_break_out_of_its_header() -> None:
    (part,) = await parts_of(MultipartForm((), a_file('a"; name="x\r\nx-more: 1\r\n\r\nb')))
    assert part.keys() == ["Content-Disposition", "Content-Type"]
    assert part.get_filename() == "a%22; name=%22x%0D%0Ax-more: 1%0D%0A%0D%0Ab"


async def test_a_content_type_cannot_break_out_of_its_header() -> None:
    (part,) = await parts_of(MultipartForm((), a_file(content_type='text/plain; charset="utf-8"\r\n\r\nb')))
    assert part["content-type"] == 'text/plain; charset="utf-8"%0D%0A%0D%0Ab'


async def test_a_name_of_a_field_cannot_break_out_of_its_header() -> None:
    (part,) = await parts_of(MultipartForm((('a"\r\nb', "c"),)))
    assert part.get_param("name", header="content-disposition") == "a%22%0D%0Ab"


@pytest.mark.parametrize("declared", [0, 1, 28, 30, 1000])
async def test_a_file_that_does_not_have_its_declared_size_never_becomes_a_complete_request(declared: int) -> None:
    form = MultipartForm(FIELDS, FilePart("source", FileSource("cat.png", "image/png", declared, pieces)))
    sent: list[bytes] = []

    async def send() -> None:
        async for piece in form:
            sent.append(piece)  # noqa: PERF401 - what came before the error is wanted

    with pytest.raises(httpx2.LocalProtocolError):
        await send()
    assert len(b"".join(sent)) < int(dict(form.headers)["content-length"])


@pytest.mark.real_time
@pytest.mark.parametrize("declared", [28, 30])
async def test_a_file_that_does_not_have_its_declared_size_was_certainly_not_received(declared: int) -> None:
    arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001 - a handler's signature
        arrived.set_result(await reader.read())

    file = FilePart("source", FileSource("cat.png", "image/png", declared, pieces))
    async with served(take) as transport:
        with pytest.raises(RejectedError, match="does not fit into an HTTP request"):
            await transport.send(Call("upload", "POST", "/upload", file=file, writes=True))
        # The connection is cut, so that the vendor does not wait for the rest.
        body = await arrived
    assert b"cat.png" in body
    assert not body.endswith(b"--\r\n")


def test_the_repr_of_a_form_shows_none_of_its_fields() -> None:
    assert "sesame" not in repr(MultipartForm((("password", "open sesame"),)))


def test_each_form_has_a_boundary_of_its_own() -> None:
    assert MultipartForm(()).boundary != MultipartForm(()).boundary


async def test_a_call_with_a_file_is_sent_with_its_length_and_not_in_chunks() -> None:
    seen: list[httpx2.Request] = []

    async def respond(request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        seen.append(request)
        return httpx2.Response(200, stream=httpx2.ByteStream(b"{}"))

    call = Call("upload", "POST", "/upload", form=(("title", "t"),), file=a_file(), writes=True)
    transport = over(httpx2.MockTransport(respond))
    await transport.send(call)
    await transport.send(replace(call, file=None, multipart=True))
    await transport.send(replace(call, form=None))
    for request in seen:
        assert request.headers["content-length"] == str(len(request.content))
        assert "transfer-encoding" not in request.headers
        assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert [b"cat.png" in request.content for request in seen] == [True, False, True]
    assert [b'name="title"' in request.content for request in seen] == [True, True, False]
