"""Static files are compressed once for each encoding, if the client accepts it."""

from pathlib import Path

import httpx2
import pytest

from linkweave.edge.http.compressed_files import CompressedFiles

SCRIPT = "console.log(1);\n" * 10_000


def browser(folder: Path) -> httpx2.AsyncClient:
    for name, text in (("a.js", SCRIPT), ("a.ttf", SCRIPT), ("index.svg", "<svg/>")):
        (folder / name).write_text(text)
    wire = httpx2.ASGITransport(app=CompressedFiles(folder))
    return httpx2.AsyncClient(transport=wire, base_url="http://test", headers={"accept-encoding": "identity"})


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_script_is_compressed_for_a_browser_that_accepts_it(encoding: str, tmp_path: Path) -> None:
    async with browser(tmp_path) as http:
        whole = await http.get("/a.js")
        for _ in range(2):
            response = await http.get("/a.js", headers={"accept-encoding": encoding})
            assert response.text == whole.text == SCRIPT
            assert response.headers["content-encoding"] == encoding
            assert int(response.headers["content-length"]) < len(SCRIPT) / 10
            assert response.headers["etag"] == f"W/{whole.headers['etag']}"
            assert response.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
            assert response.headers["content-type"] == whole.headers["content-type"]
        head = await http.head("/a.js", headers={"accept-encoding": encoding})
        assert (head.content, head.headers["content-length"]) == (b"", response.headers["content-length"])
        known = {"accept-encoding": encoding, "if-none-match": response.headers["etag"]}
        assert (await http.get("/a.js", headers=known)).status_code == 304


async def test_a_part_of_a_file_and_a_font_are_sent_as_they_are(tmp_path: Path) -> None:
    async with browser(tmp_path) as http:
        part = await http.get("/a.js", headers={"accept-encoding": "gzip", "range": "bytes=0-4"})
        assert (part.status_code, part.content) == (206, b"conso")
        font = await http.get("/a.ttf", headers={"accept-encoding": "gzip"})
        for response in (part, font):
            assert "content-encoding" not in response.headers
        assert "vary" not in font.headers
