"""The committed clients are what their generators make of today's schema and documents."""

from pathlib import Path

from graphql import OperationDefinitionNode, build_schema, parse, validate

from harness.node_scripts import CLIENTS, run_script
from harness.recipes import python_tool
from linkweave.client.generated import operations as sent_operations
from linkweave.edge.persisted_queries.manifest import hash_of, read_manifest
from linkweave.schema.execution.document import Document

ROOT = CLIENTS.parents[1]
PACKAGE = ROOT / "src" / "linkweave" / "client" / "generated"


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_the_committed_python_client_is_what_the_generator_makes(tmp_path: Path) -> None:
    made = tmp_path / "generated"
    python_tool(tmp_path, "python", str(ROOT / "clients" / "python" / "generate.py"), str(made))
    assert files(PACKAGE) == files(made), "run `make client`"


def test_the_committed_typescript_client_is_what_the_generator_makes() -> None:
    made = run_script("typescript-client.js", ROOT / "schema.graphql", ROOT / "clients" / "documents")
    assert (ROOT / "clients" / "typescript" / "src" / "generated.ts").read_text() == made, "run `make client`"


def test_a_gateway_can_trust_the_documents_that_the_python_client_sends() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text())

    def read(text: str) -> Document:
        syntax = parse(text)
        operations = tuple(node for node in syntax.definitions if isinstance(node, OperationDefinitionNode))
        return Document(errors=tuple(validate(schema, syntax)), syntax=syntax, operations=operations)

    trusted = read_manifest(PACKAGE / "documents.json", "here", read)
    sent = [getattr(sent_operations, name) for name in sent_operations.__all__]
    assert [trusted.find(hash_of(text)) for text in sent] == sent
