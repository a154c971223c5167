"""The tools that `linkweave mcp` makes from documents."""

from pathlib import Path
from typing import Any

import graphql
import pytest
from jsonschema import Draft202012Validator

from linkweave.cli.mcp.tools import read_tool, shipped_tools, tools_of
from linkweave.errors import ConfigurationError
from linkweave.schema.build import build_schema

SCHEMA = graphql.build_schema(build_schema().as_str())


def test_every_shipped_document_is_a_tool_whose_input_is_described() -> None:
    tools = {tool.name: tool for tool in shipped_tools(SCHEMA)}
    assert {
        "accounts",
        "clicks_by",
        "create_link",
        "duplicates",
        "find_links",
        "plan_copy",
        "top_links",
    } <= tools.keys()
    for tool in tools.values():
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.is_write == ("mutation" in tool.document)
        assert all(each["description"] for each in tool.input_schema["properties"].values()), tool.name


def test_the_input_of_a_tool_says_what_is_required_and_what_is_allowed() -> None:
    document = """
    "Makes it."
    mutation Make("What." $input: CreateLinkInput!, "Which." $ids: [ID!]! = ["a"]) {
      createLink(input: $input) { created }
      deleteLinks(ids: $ids) { deleted }
    }
    """
    tool = read_tool("folder/make.graphql", document, SCHEMA)
    assert (tool.name, tool.title, tool.description, tool.is_write) == ("make", "Make", "Makes it.", True)
    assert tool.input_schema["properties"]["ids"]["default"] == ["a"]
    check = Draft202012Validator(tool.input_schema)
    link = {"accounts": ["a"], "destination": "https://x.example"}
    assert check.is_valid({"input": {**link, "ifExists": "RETURN", "utm": {"source": "mail"}}})
    wrongs: list[dict[str, Any]] = [{}, {"input": {}}]
    for wrong in (*wrongs, {"input": {**link, "ifExists": "OTHER"}}, {"input": {**link, "tags": [1]}}):
        assert not check.is_valid(wrong), wrong


def test_the_documents_of_a_folder_are_tools(tmp_path: Path) -> None:
    (tmp_path / "who.graphql").write_text('"Says who." query Who { accounts { key } }')
    (tmp_path / "notes.txt").write_text("no document")
    assert [tool.name for tool in tools_of(tmp_path, SCHEMA)] == ["who"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("query {", "wrong.graphql: Syntax Error"),
        ('"Says." query Who { nobody }', "wrong.graphql: Cannot query field 'nobody'"),
        ("query Who { accounts { key } }", "wrong.graphql: a tool is one operation, with a name and a description"),
        ('"Says." query { accounts { key } }', "wrong.graphql: a tool is one operation, with a name"),
        ('"A." query A { accounts { key } } "B." query B { accounts { key } }', "wrong.graphql: a tool is one"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_document_that_is_no_tool_is_named(tmp_path: Path, document: str, message: str) -> None:
    (tmp_path / "wrong.graphql").write_bytes(document.encode(errors="surrogateescape"))
    with pytest.raises(ConfigurationError, match=message):
        tools_of(tmp_path, SCHEMA)
