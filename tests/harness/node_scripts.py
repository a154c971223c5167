"""Scripts in tests/clients, run by Node over packages that `make clients` installs."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

CLIENTS = Path(__file__).parents[1] / "clients"
INSTALLED = CLIENTS / "node_modules" / ".package-lock.json"

# Seconds after which a hanging script is stopped.
PATIENCE_SECONDS = 120


def run_script(script: str, *arguments: str | Path) -> str:
    """What `script` prints."""
    return run_node(CLIENTS / script, *arguments)


def run_json(script: str, *arguments: str | Path) -> Any:
    """What `script` prints, which is JSON."""
    return json.loads(run_script(script, *arguments))


def run_node(script: Path, *arguments: str | Path, cwd: Path = CLIENTS) -> str:
    """What Node prints; a script that fails fails the test."""
    command = [_node(), str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_SECONDS, cwd=cwd)  # noqa: S603 - Node itself
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed: clients and tools of others are NOT tested here")
    if not INSTALLED.exists():
        pytest.skip("`make clients` has not been run: clients and tools of others are NOT tested here")
    return node
