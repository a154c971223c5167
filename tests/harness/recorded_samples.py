"""What real servers answered on loopback: NAME.head has the request, the status and the headers, NAME.body the body."""

import re
from dataclasses import dataclass
from pathlib import Path

import httpx2

from harness.emulators import answering


@dataclass(frozen=True)
class Sample:
    """A recorded answer, and the first line of the file, which is the request."""

    request: str
    status: int
    body: bytes

    def client(self) -> httpx2.AsyncClient:
        """An HTTP client that gets this answer to every request."""
        return answering(self.status, self.body)


def read_sample(folder: Path, name: str) -> Sample:
    head = (folder / f"{name}.head").read_text("utf-8")
    status = re.search(r"^HTTP/1.1 (\d+)", head, re.MULTILINE)
    assert status
    return Sample(head.partition("\n")[0], int(status[1]), (folder / f"{name}.body").read_bytes())


def sample_names(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}
