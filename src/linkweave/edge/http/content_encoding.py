"""Compression of answers, in the encoding that `Accept-Encoding` prefers."""

import asyncio
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

import brotli
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import weighted_items

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# A smaller answer fits into one packet with its headers.
MIN_BYTES: Final = 1_000
# Number of bytes that are compressed before other tasks run: less than a millisecond of work.
_PIECE_BYTES: Final = 32 * 1024
_MAX_HEADER_BYTES: Final = 300
# Levels that compress JSON at over 50 MB a second.
_GZIP_LEVEL: Final = 4
_BROTLI_QUALITY: Final = 4
_ZSTD_LEVEL: Final = 3
_GZIP_WINDOW: Final = zlib.MAX_WBITS | 16
# A window of 256 KiB: the usual one of 4 MiB takes more memory than most answers.
_BROTLI_WINDOW: Final = 18

# Compresses a piece, and ends the whole.
_Compressor: TypeAlias = tuple[Callable[[bytes], bytes], Callable[[], bytes]]


def _gzip() -> _Compressor:
    compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return compressor.compress, compressor.flush


def _brotli() -> _Compressor:
    compressor = brotli.Compressor(quality=_BROTLI_QUALITY, lgwin=_BROTLI_WINDOW)
    return compressor.process, compressor.finish


def _zstd() -> _Compressor:
    compressor = zstd.ZstdCompressor(level=_ZSTD_LEVEL)
    return compressor.compress, compressor.flush


# Of two that a client likes equally, the first one is used. FOUND: GraphQL Code Generator accepts zstd like all others,
# and ends at such an answer if its Node is older than 22.15, which has no zstd.
COMPRESSORS: Final[Mapping[str, Callable[[], _Compressor]]] = MappingProxyType(
    {"br": _brotli, "zstd": _zstd, "gzip": _gzip}
)


def accepted_encoding(scope: Scope) -> str | None:
    """Returns the encoding that a client prefers; None if that is none at all, or one that the gateway lacks."""
    header = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
    return _preferred(header) if 0 < len(header) <= _MAX_HEADER_BYTES else None


@lru_cache(256)
def _preferred(header: bytes) -> str | None:
    weights = {name: weight for name, weight, _ in weighted_items(header.decode("latin-1"))}
    others = weights.get("*", 0.0)
    weight, name = max(((weights.get(name, others), name) for name in COMPRESSORS), key=lambda each: each[0])
    return name if weight > 0 and weight >= weights.get("identity", 0.0) else None


async def compress(body: bytes, encoding: str) -> bytes:
    """Returns `body` in `encoding`. Other tasks run in between."""
    write, finish = COMPRESSORS[encoding]()
    pieces = []
    for start in range(0, len(body), _PIECE_BYTES):
        if start:
            await asyncio.sleep(0)
        pieces.append(write(body[start : start + _PIECE_BYTES]))
    return b"".join((*pieces, finish()))
