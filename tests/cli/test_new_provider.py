"""`linkweave new-provider` lays down a provider that works, and the documentation shows the same files."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import linkweave
from harness.documentation import document
from linkweave.cli.commands import main
from linkweave.cli.new_provider import TEMPLATES, render

GUIDE = document("docs/write-a-provider.md")
MAX_LINES = 150
SOURCES = str(Path(linkweave.__path__[0]).parent)

DISCOVER = """
from importlib.metadata import EntryPoint
from linkweave.providers.discovery import discover
print(*discover([EntryPoint("zeta", {value!r}, "linkweave.providers")]))
"""


def lay_down(name: str, directory: Path) -> Result:
    return CliRunner().invoke(main, ["new-provider", name, "--directory", str(directory)])


def python(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Python with this Linkweave and the sources of the new package."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((SOURCES, str(directory / "src")))}
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )


def test_a_new_provider_keeps_the_contract_of_each_capability_and_is_found_by_its_entry_point(tmp_path: Path) -> None:
    directory = tmp_path / "there"
    told = lay_down("zeta", directory)
    assert told.exit_code == 0
    assert str(directory) in told.stdout
    done = python(directory, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    assert not {"skipped", "failed", "error"} & set(done.stdout.split())
    project = tomllib.loads((directory / "pyproject.toml").read_text())
    (value,) = project["project"]["entry-points"]["linkweave.providers"].values()
    assert "zeta" in python(directory, "-c", DISCOVER.format(value=value)).stdout.split()


def test_the_guide_shows_the_files_that_are_laid_down() -> None:
    files = render("acme")
    shown = [*GUIDE.blocks("ini"), *GUIDE.blocks("python")]
    assert sorted(shown) == sorted(text for path, text in files.items() if path != "README.md")
    assert all(f"`{path}`" in GUIDE.text for path in files if path != "README.md")


@pytest.mark.parametrize("path", ["adapter.py", "emulator.py"])
def test_a_small_provider_is_small(path: str) -> None:
    text = render("acme")[f"src/linkweave_acme/{path}"]
    assert len(text.splitlines()) <= MAX_LINES


def test_no_file_of_a_new_provider_speaks_of_the_templates_vendor() -> None:
    files = render("zeta")
    assert len(files) == len(TEMPLATES)
    assert "acme" not in f"{files}".lower()
    assert "class ZetaAdapter(TotalsWithLinks" in files["src/linkweave_zeta/adapter.py"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Acme", "allowed are 2 to 31 small letters and digits"),
        ("a-b", "allowed are 2 to 31 small letters and digits"),
        ("../a", "allowed are 2 to 31 small letters and digits"),
        ("x", "allowed are 2 to 31 small letters and digits"),
        ("tinycc", "there is a provider called 'tinycc' already"),
    ],
)
def test_a_name_that_cannot_be_an_id_or_is_taken_is_refused(tmp_path: Path, name: str, problem: str) -> None:
    refused = lay_down(name, tmp_path / "there")
    assert refused.exit_code == 1
    assert problem in refused.stderr
    assert not (tmp_path / "there").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused = lay_down("zeta", tmp_path)
    assert refused.exit_code == 1
    assert "is not empty; choose another place with --directory" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    refused = lay_down("zeta", tmp_path / "file" / "below")
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert "cannot be written" in line
