"""Writes linkweave.client.generated into a folder: `python generate.py FOLDER`, with ariadne-codegen installed."""

import json
import re
import runpy
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "LinkweaveClient"
# The generator copies the base class, and then imports it from its copy. Ours stays in its module.
BASE = "class AsyncTransport: ...\n"
# What the generator names otherwise: events come as server-sent events, and its arguments have the schema's names.
RENAMED = {
    r"from \.base_client import AsyncTransport": "from ..async_transport import AsyncTransport",
    # A subscription that is closed closes its stream at once.
    r"async for data in self\.execute_ws\(((?s:.*?))\n        \):\n": (
        r"async with aclosing(self.subscribe(\1)) as events:\n          async for data in events:\n"
    ),
    r"from collections\.abc import AsyncIterator": (
        "from collections.abc import AsyncGenerator\nfrom contextlib import aclosing"
    ),
    r"\bAsyncIterator\[(\w+)\]": r"AsyncGenerator[\1, None]",
    r"\b(filter|range)_\b": r"\1",
    r"# Source: .*": "# Do not change it: run `make client`",
    r"\n\ndef gql\(q: str\) -> str:\n    return q\n\n": "",
}
# The same client without asyncio: the generator makes none with subscriptions.
SYNC = {
    r"\basync def\b": "def",
    r"\basync for\b": "for",
    r"\bawait ": "",
    r"\basync with\b": "with",
    r"\baclosing\b": "closing",
    r"\bAsyncGenerator\[(\w+), None\]": r"Generator[\1, None, None]",
    r"\bAsyncGenerator\b": "Generator",
    r"\basync_transport\b": "sync_transport",
    r"\bAsyncTransport\b": "SyncTransport",
    rf"\b{NAME}\b": f"Sync{NAME}",
}


def generated(work: Path) -> Path:
    """Returns the folder of the generator's package, made in the empty folder `work`."""
    for path in ("schema.graphql", "clients/documents"):
        target = work / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / path).is_dir() else shutil.copy)(ROOT / path, target)
    folder = work / "clients" / "python"
    folder.mkdir()
    shutil.copy(HERE / "pyproject.toml", folder)
    (folder / "base_client.py").write_text(BASE)
    subprocess.run([sys.executable, "-m", "ariadne_codegen"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / "generated"


def renamed(code: str, names: dict[str, str]) -> str:
    """Returns `code` with each pattern of `names` replaced."""
    for pattern, name in names.items():
        code = re.sub(pattern, name, code)
    return code


def manifest(package: Path) -> str:
    """Returns the documents as the client sends them, by their SHA-256: a gateway may trust these alone."""
    texts = [text for name, text in runpy.run_path(str(package / "operations.py")).items() if name.endswith("_GQL")]
    return json.dumps({sha256(text.encode()).hexdigest(): text for text in texts}, indent=2) + "\n"


def main(target: Path) -> None:
    """Writes the package into `target`, and nothing else stays there."""
    with TemporaryDirectory() as work:
        package = generated(Path(work))
        (package / "base_client.py").unlink()
        for path in package.glob("*.py"):
            path.write_text(renamed(path.read_text(), RENAMED))
        (package / "sync_client.py").write_text(renamed((package / "client.py").read_text(), SYNC))
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", "--isolated", package], check=True)  # noqa: S603 - same
        (package / "documents.json").write_text(manifest(package))
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
