"""Recipes of the documentation, put into files as a reader would, and run."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.documentation import document
from harness.node_scripts import CLIENTS, INSTALLED, PATIENCE_SECONDS

ADDRESS = "http://127.0.0.1:8000/graphql"
PYTHON_TOOLS = CLIENTS / "python-tools" / "bin"


def blocks(page: str, language: str, address: str) -> list[str]:
    """The blocks of a recipe, with the address of a running demo."""
    return [block.replace(ADDRESS, address) for block in document(f"docs/recipes/{page}.md").blocks(language)]


def node(folder: Path, *command: str) -> str:
    """What Node prints that runs in `folder`, which finds the packages of `make clients`."""
    program = shutil.which("node")
    if program is None or not INSTALLED.exists():
        pytest.skip("Node or the packages of `make clients` are missing: recipes in JavaScript are NOT tested here")
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(CLIENTS / "node_modules")
    return run([program, *command], folder)


def node_json(folder: Path, code: str) -> Any:
    """What a module with `code` prints, which is JSON."""
    (folder / "recipe.mjs").write_text(code)
    return json.loads(node(folder, "recipe.mjs"))


def python_tool(folder: Path, name: str, *arguments: str) -> str:
    """What a program prints that `make clients` installs in an environment of its own."""
    program = PYTHON_TOOLS / name
    if not program.exists():
        pytest.skip("the packages of `make clients` are missing: recipes in Python are NOT tested here")
    return run([str(program), *arguments], folder)


def run(command: Sequence[str], folder: Path) -> str:
    """What a command prints; one that fails fails the test."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)  # noqa: S603 - a recipe
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
