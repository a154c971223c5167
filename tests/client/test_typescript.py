"""The TypeScript client against the served demo, and the programs that its pages show."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.documentation import document
from harness.node_scripts import CLIENTS, run_node
from harness.recipes import ADDRESS

PACKAGE = CLIENTS.parents[1] / "clients" / "typescript"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    built = PACKAGE / "dist" / "index.js"
    newest = max(path.stat().st_mtime for path in (PACKAGE / "src").iterdir())
    if not built.exists() or built.stat().st_mtime < newest:
        pytest.skip("`make clients` has not built clients/typescript: the TypeScript client is NOT tested here")


@pytest.fixture(scope="module")
def results(demo_address: str) -> Any:
    return json.loads(run_node(PACKAGE / "test" / "demo.mjs", demo_address))


def test_it_reads_links_and_an_answer_in_parts(results: Any) -> None:
    assert results["links"] == 3
    first, *_, last = results["parts"]
    assert "tags" not in first
    assert "tags" in last


def test_it_sends_a_file(results: Any) -> None:
    assert results["upload"]["errors"] == []
    assert results["upload"]["upload"]["mimeType"] == "image/png"


def test_a_refusal_has_its_code_beside_the_data(results: Any) -> None:
    assert results["refused"] == {"data": {"link": None}, "codes": ["INVALID_INPUT"]}


def test_a_subscription_is_told_of_what_it_creates(results: Any) -> None:
    created = results["createLink"]
    assert created["errors"] == []
    assert results["told"][0]["kind"] == "GAP"
    assert {"kind": "CREATED", "linkId": created["link"]["id"]} in results["told"]


@pytest.mark.parametrize(
    ("page", "events"), [("docs/clients.md", 1), ("clients/typescript/README.md", 0)], ids=["docs", "package"]
)
def test_a_shown_program_prints_what_it_reads(page: str, events: int, demo_address: str, tmp_path: Path) -> None:
    scope = tmp_path / "node_modules" / "@linkweave"
    scope.mkdir(parents=True)
    (scope / "client").symlink_to(PACKAGE)
    (program,) = document(page).blocks("js")
    path = tmp_path / "program.mjs"
    path.write_text(program.replace(ADDRESS, demo_address).replace("…", "any"))
    codes, *lines = run_node(path, cwd=tmp_path).splitlines()
    assert codes == "[]"
    assert len(lines) == 20 + events
    assert all(line.startswith("https://") for line in lines[:20])
    assert [line.split()[0] for line in lines[20:]] == ["GAP"] * events
