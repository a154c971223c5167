"""A provider is one folder: its guesses are in one table there, and no other code names it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.documentation import ROOT
from linkweave.providers.discovery import discover

PROVIDERS = discover()
FOLDER = ROOT / "src/linkweave/providers"
SAME_TABLE = "README.md has the same table"
# The first release was made for these, and its commands and descriptions show them as examples.
FIRST = {"picsee", "cuttly", "tinycc", "shortenworld", "chevereto"}
WITH_SAME_TABLE = [each for each in PROVIDERS if SAME_TABLE in (FOLDER / each / "inferred.py").read_text("utf-8")]


def modules_of(provider: str) -> Iterator[Path]:
    """The code that speaks to the vendor. The emulator beside it has readings of the document of its own."""
    folder = FOLDER / provider
    return (path for path in sorted(folder.rglob("*.py")) if "emulator" not in path.relative_to(folder).parts)


def names_in(table: Path) -> set[str]:
    """The public names that a module defines."""
    body = ast.parse(table.read_text("utf-8")).body
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    constants = {
        node.target.id for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return functions | constants


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_guess_about_a_vendor_is_in_its_table(provider: str) -> None:
    marked = {path.name for path in modules_of(provider) if "INFERRED" in path.read_text("utf-8")}
    assert marked <= {"inferred.py"}


@pytest.mark.parametrize("provider", WITH_SAME_TABLE)
def test_the_page_of_a_vendor_has_every_name_of_its_table(provider: str) -> None:
    page = (FOLDER / provider / "README.md").read_text("utf-8")
    assert {name for name in names_in(FOLDER / provider / "inferred.py") if f"`{name}`" not in page} == set()


def test_no_code_outside_its_folder_names_a_vendor_that_was_added_later() -> None:
    added = PROVIDERS.keys() - FIRST
    words = {word.lower() for each in added for word in (each, PROVIDERS[each].name)}
    naming = re.compile(rf"\b({'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE)
    code = (path for path in FOLDER.parent.rglob("*.py") if not (added | {"generated"}) & {*path.parts})
    assert [path.name for path in code if naming.search(path.read_text("utf-8"))] == []
