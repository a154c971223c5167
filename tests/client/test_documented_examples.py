"""The Python programs of docs/clients.md, run as they stand there."""

import re
import sys
from pathlib import Path

from harness.documentation import document
from harness.multipart_client import png
from harness.recipes import ADDRESS, run


def test_each_program_prints_what_it_reads(demo_address: str, tmp_path: Path) -> None:
    programs = [block.replace(ADDRESS, demo_address) for block in document("docs/clients.md").blocks("python")]
    (tmp_path / "coat.png").write_bytes(png(shade=103))
    reads, writes, uploads = (run([sys.executable, "-c", program], tmp_path) for program in programs)
    *links, change = reads.splitlines()
    assert len(links) == 20
    assert all(re.fullmatch(r"https://\S+ (\d+|None)", link) for link in links), links
    assert re.fullmatch(r"LinkEventKind\.GAP \S+", change)
    assert uploads.startswith("https://")
    assert re.fullmatch(r"https://\S+ https://www\.example\.com/spring\n\('INVALID_INPUT',\)\n", writes)
