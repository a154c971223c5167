"""The wire: what is read of an answer, how much of it, and in which encodings."""

import tracemalloc
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from harness.wires import READ, SECRET, WRITE, gzipped, over, responding
from linkweave.errors import AmbiguousError, BadResponseError, TooLargeAnswerError, VendorError
from linkweave.transport.call import Call, Pairs

SMALL = replace(READ, max_bytes=100)


async def body_of(body: bytes, encoding: str | None = None, call: Call = SMALL) -> bytes:
    headers: Pairs = () if encoding is None else (("content-encoding", encoding),)
    return (await over(responding(200, body, headers)).send(call)).body


async def error_of(body: bytes, encoding: str | None = None, call: Call = SMALL) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await body_of(body, encoding, call)
    assert caught.value.__cause__ is None
    return caught.value


async def test_an_answer_is_its_status_its_headers_in_lower_case_and_its_body() -> None:
    transport = over(responding(418, b"{}", (("X-Odd", "Value"), ("Retry-After", "5"), ("retry-after", "6"))))
    answer = await transport.send(READ)
    assert (answer.status, answer.body, answer.received_at) == (418, b"{}", transport.clock.now())
    assert answer.headers == {"x-odd": "Value", "retry-after": "5, 6"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://elsewhere.example/", "//[::bad", "mailto:x@y", ""])
async def test_a_redirect_is_an_answer_and_is_not_followed(status: int, location: str) -> None:
    hosts = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        hosts.append(request.url.host)
        return httpx2.Response(status, headers={"location": location}, stream=httpx2.ByteStream(b""))

    assert (await over(respond).send(READ)).status == status
    assert hosts == ["vendor"]


@pytest.mark.parametrize("encoding", [None, "", "identity", " Identity "])
async def test_a_plain_body_is_read_as_it_is(encoding: str | None) -> None:
    assert await body_of(b"x" * 100, encoding) == b"x" * 100


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", " gzip "])
async def test_a_compressed_body_is_decompressed(encoding: str) -> None:
    assert await body_of(gzipped(b"x" * 100), encoding) == b"x" * 100


async def test_a_deflated_body_is_read_though_it_was_not_offered() -> None:
    assert await body_of(zlib.compress(b"[]"), "deflate") == b"[]"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_an_empty_body_is_empty_whatever_its_encoding(encoding: str) -> None:
    assert await body_of(b"", encoding) == b""


async def test_bytes_after_a_compressed_body_are_ignored() -> None:
    assert await body_of(gzipped(b"[]") + b"\r\n", "gzip") == b"[]"


async def test_a_body_over_the_limit_is_a_bad_response() -> None:
    error = await error_of(SECRET.encode() * 10)
    assert type(error) is TooLargeAnswerError
    assert str(error) == "main answered more than 100 bytes (list links)"


async def test_the_limit_counts_the_decompressed_body() -> None:
    error = await error_of(gzipped(b"x" * 101), "gzip")
    assert str(error) == "main answered more than 100 bytes (list links)"


async def test_the_limit_of_a_call_is_a_megabyte_by_default() -> None:
    assert len(await body_of(b"x" * 1_000_000, call=READ)) == 1_000_000
    assert str(await error_of(b"x" * 1_000_001, call=READ)) == "main answered more than 1000000 bytes (list links)"


@pytest.mark.parametrize("compressed", [True, False])
async def test_a_huge_body_is_refused_before_it_takes_much_memory(*, compressed: bool) -> None:
    zeros = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(zeros.compress(bytes(1_000_000)) for _ in range(100)) + zeros.flush()
    chunk = bytes(100_000)

    class Body(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(1000):
                yield chunk

    def respond(_: httpx2.Request) -> httpx2.Response:
        if compressed:
            return httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(bomb))
        return httpx2.Response(200, stream=Body())

    transport = over(respond)
    tracemalloc.start()
    try:
        with pytest.raises(BadResponseError, match="answered more than 1000000 bytes"):
            await transport.send(READ)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


async def test_a_compressed_body_that_is_cut_short_is_a_bad_response() -> None:
    error = await error_of(gzipped(b'{"key": "value"}')[:-5], "gzip")
    assert type(error) is BadResponseError
    assert str(error) == "main cut its answer short (list links)"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"{}", "gzip"),
        (b"{}", "deflate"),
        (gzipped(b"[]")[:-8] + bytes(8), "gzip"),
        (b"{}", "br"),
        (b"{}", "gzip, gzip"),
        (b"{}", SECRET),
    ],
)
async def test_a_body_that_cannot_be_decompressed_is_a_bad_response(body: bytes, encoding: str) -> None:
    error = await error_of(body, encoding)
    assert type(error) is BadResponseError
    assert str(error) == "main answered in an encoding that cannot be read (list links)"


async def test_an_unusable_answer_makes_a_write_ambiguous() -> None:
    error = await error_of(b"{}", "br", WRITE)
    assert type(error) is AmbiguousError
    assert str(error) == (
        "main answered in an encoding that cannot be read; the change may have been made all the same (create link)"
    )
