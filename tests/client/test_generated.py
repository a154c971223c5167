"""The committed clients are what their generators make of today's schema and documents."""

from pathlib import Path

from harness.node_scripts import CLIENTS, run_script
from harness.recipes import python_tool

ROOT = CLIENTS.parents[1]


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.glob("*.py")}


def test_the_committed_python_client_is_what_the_generator_makes(tmp_path: Path) -> None:
    made = tmp_path / "generated"
    python_tool(tmp_path, "python", str(ROOT / "clients" / "python" / "generate.py"), str(made))
    assert files(ROOT / "src" / "linkweave" / "client" / "generated") == files(made), "run `make client`"


def test_the_committed_typescript_client_is_what_the_generator_makes() -> None:
    made = run_script("typescript-client.js", ROOT / "schema.graphql", ROOT / "clients" / "documents")
    assert (ROOT / "clients" / "typescript" / "src" / "generated.ts").read_text() == made, "run `make client`"
