"""Tools that others wrote, over the schema: what they generate, and what they complain of."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.node_scripts import CLIENTS, run_json, run_node, run_script

SCHEMA = CLIENTS.parents[1] / "schema.graphql"
OPERATIONS = CLIENTS / "operations.graphql"
RELAY = CLIENTS / "node_modules" / "relay-compiler" / "cli.js"


def without_comments(code: str) -> str:
    return re.sub(r"\n *(/\*\*|\*).*?(?=\n)", "", code)


def test_graphql_code_generator_writes_types_of_the_schema_and_of_operations() -> None:
    code = run_script("codegen.js", SCHEMA, OPERATIONS)
    assert "export type Link = Node & {" in code
    assert "  | 'UNSUPPORTED';" in code
    (operation,) = re.findall(r"export type LinksQuery = .*", code)
    assert "nodes: Array<{ shortUrl: unknown, createdAt: string | null, tags: Array<{ name: string }> }>" in operation
    assert "status: SourceStatus" in operation


def test_graphql_code_generator_writes_the_same_of_the_server(demo_address: str) -> None:
    live = run_script("codegen.js", demo_address, OPERATIONS)
    assert without_comments(live) == without_comments(run_script("codegen.js", SCHEMA, OPERATIONS))


@pytest.fixture(scope="module")
def relay_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the Relay compiler put what it made of tests/clients/relay."""
    folder = tmp_path_factory.mktemp("relay")
    for source in (CLIENTS / "relay").glob("*.js"):
        shutil.copy(source, folder)
    shutil.copy(SCHEMA, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    config = {"src": ".", "schema": "./schema.graphql", "language": "javascript", "eagerEsModules": True}
    (folder / "relay.config.json").write_text(json.dumps(config))
    run_node(RELAY, "relay.config.json", cwd=folder)
    return folder / "__generated__"


@pytest.fixture(scope="module")
def relay(relay_folder: Path) -> dict[str, str]:
    """The texts of the operations for links, by their names."""
    compiled = [path.read_text() for path in sorted(relay_folder.glob("links*"))]
    texts = [json.loads(text) for code in compiled for text in re.findall(r'"text": (".*")', code)]
    return {text.split("(")[0].removeprefix("query "): text for text in texts}


def ask(address: str, query: str, **variables: object) -> Any:
    body = {"query": query, "variables": variables}
    answer = httpx2.post(address, json=body, headers={"accept": "application/graphql-response+json"}, trust_env=False)
    assert answer.status_code == 200, answer.text
    assert "errors" not in answer.json()
    return answer.json()["data"]


def test_relay_compiles_a_connection_and_a_link_that_is_fetched_again(relay: dict[str, str]) -> None:
    assert relay.keys() == {"linksQuery", "linksPageQuery", "linksRowQuery"}
    assert "pageInfo" in relay["linksPageQuery"]
    assert "node(id: $id)" in relay["linksRowQuery"]


def test_what_relay_compiled_is_answered_page_by_page(relay: dict[str, str], demo_address: str) -> None:
    first = ask(demo_address, relay["linksQuery"], first=2)["links"]
    second = ask(demo_address, relay["linksPageQuery"], first=2, after=first["pageInfo"]["endCursor"])["links"]
    ids = [edge["node"]["id"] for page in (first, second) for edge in page["edges"]]
    assert len(set(ids)) == 4
    again = ask(demo_address, relay["linksRowQuery"], id=ids[3])["node"]
    assert again.items() <= second["edges"][1]["node"].items()


def test_relay_merges_a_deferred_fragment_and_hears_of_one_that_fails(relay_folder: Path, demo_address: str) -> None:
    runs = run_json("relay-parts.js", demo_address, relay_folder)
    facts, fails = runs["facts"], runs["fails"]
    assert (facts["error"], facts["key"], facts["fragment"]["label"]) == (None, "tinycc", "Print & packaging")
    assert "No data returned" in fails["error"]
    assert (fails["codes"], fails["key"]) == (["INVALID_INPUT"], "tinycc")


def test_graphql_eslint_finds_nothing_in_the_schema() -> None:
    assert run_json("lint-schema.js", SCHEMA) == []


def test_graphql_eslint_would_find_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.graphql"
    wrong.write_text(SCHEMA.read_text() + "type nameless { getIt: [String] }\ntype Thing implements Node { a: Int }\n")
    found = {each["ruleId"].removeprefix("@graphql-eslint/") for each in run_json("lint-schema.js", wrong)}
    assert found >= {"naming-convention", "no-unreachable-types", "require-description", "strict-id-in-types"}
