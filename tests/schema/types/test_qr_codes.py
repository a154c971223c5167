import asyncio
import re
import threading
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import segno

from harness.gateway import open_gateway
from linkweave.errors import QrCodeOverflowError
from linkweave.schema.qr_codes import QrCodes

SVG = "{http://www.w3.org/2000/svg}"
STEP = re.compile(r"([Mmh])(-?[0-9.]+)(?: (-?[0-9.]+))?")
BORDER = 4


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """What is drawn, as (row, column): one line of height 1 per run of dark modules."""
    root = ET.fromstring(svg)  # noqa: S314 - drawn by ourselves
    (path,) = (each for each in root.iter(f"{SVG}path") if each.get("stroke"))
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for step, first, second in STEP.findall(path.get("d") or ""):
        if step == "h":
            dark |= {(int(y) - BORDER, int(x) + offset - BORDER) for offset in range(int(first))}
            x += float(first)
        elif step == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return dark


async def listed() -> list[Any]:
    query = "{ links(first: 12) { nodes { shortUrl account { key } qrCode { svg small large } } } }"
    nodes: list[Any] = (await open_gateway().data(query))["links"]["nodes"]
    return nodes


async def test_a_qr_code_is_an_svg_document_of_the_short_url() -> None:
    for link in await listed():
        svg = link["qrCode"]["svg"]
        assert ET.fromstring(svg).tag == f"{SVG}svg"  # noqa: S314 - drawn by ourselves
        matrix = segno.make(link["shortUrl"], micro=False).matrix
        assert dark_modules(svg) == {(y, x) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


async def test_a_short_url_is_drawn_once_and_beside_the_event_loop() -> None:
    drawn: list[tuple[str, int]] = []

    def draw(text: str) -> str:
        drawn.append((text, threading.get_ident()))
        return text.upper()

    codes = QrCodes(draw)
    assert await asyncio.gather(*(codes.svg(text) for text in ("a", "b", "a", "a"))) == ["A", "B", "A", "A"]
    assert [text for text, _ in drawn] == ["a", "b"]
    assert threading.get_ident() not in {thread for _, thread in drawn}


async def test_a_short_url_that_is_too_long_is_unsupported() -> None:
    with pytest.raises(QrCodeOverflowError, match="2953 bytes"):
        await QrCodes().svg("https://go.example.com/" + "a" * 3_000)


async def test_a_qr_code_has_a_white_background() -> None:
    link, *_ = await listed()
    root = ET.fromstring(link["qrCode"]["svg"])  # noqa: S314 - drawn by ourselves
    assert next(each.get("fill") for each in root.iter(f"{SVG}path")) == "#fff"


async def test_only_tinycc_has_images_of_its_own() -> None:
    for link in await listed():
        images = (link["qrCode"]["small"], link["qrCode"]["large"])
        if link["account"]["key"] == "tinycc":
            assert all(image.startswith("https://") and image.endswith(".png") for image in images)
        else:
            assert images == (None, None)
