"""The encoding that an `Accept-Encoding` header prefers, and the bytes in it."""

import asyncio
import gzip
import sys
from collections.abc import Callable

import brotli
import pytest

from linkweave.edge.http.content_encoding import COMPRESSORS, accepted_encoding, compress

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


@pytest.mark.parametrize(
    ("headers", "encoding"),
    [
        ([], None),
        ([""], None),
        (["identity"], None),
        (["deflate"], None),
        (["gzip"], "gzip"),
        (["GZIP"], "gzip"),
        (["gzip, deflate, br, zstd"], "br"),
        (["gzip, deflate, br"], "br"),
        (["gzip;q=1.0, br;q=0.9"], "gzip"),
        (["gzip;q=0.5, br; q=0.5 , zstd;q=0"], "br"),
        (["gzip;q=0"], None),
        (["*"], "br"),
        (["*;q=0.5, br;q=0"], "zstd"),
        (["*;q=0"], None),
        (["identity, gzip;q=0.5"], None),
        (["identity;q=0.5, gzip"], "gzip"),
        (["identity;q=0, compress"], None),
        (["deflate", "gzip"], "gzip"),
        (["gzip" + ", x" * 1_000], None),
        (["gzip;q=often"], "gzip"),
    ],
)
def test_the_encoding_is_the_one_that_the_client_prefers(headers: list[str], encoding: str | None) -> None:
    given = [(b"accept-encoding", header.encode()) for header in headers]
    assert accepted_encoding({"headers": [(b"accept", b"br"), *given]}) == encoding


@pytest.mark.parametrize("encoding", COMPRESSORS)
@pytest.mark.parametrize("size", [0, 1, 1_000, 32 * 1024, 32 * 1024 + 1, 1_000_000])
async def test_a_client_gets_back_what_was_compressed(encoding: str, size: int) -> None:
    body = (b'{"slug":"abc","clicks":12345},' * (size // 20))[:size]
    compressed = await compress(body, encoding)
    assert DECOMPRESS[encoding](compressed) == body
    assert len(compressed) < max(100, size // 4)


@pytest.mark.parametrize("encoding", COMPRESSORS)
async def test_other_tasks_run_while_a_large_answer_is_compressed(encoding: str) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    await compress(b"x" * 1_000_000, encoding)
    counting.cancel()
    assert turns >= 1_000_000 // (32 * 1024)
