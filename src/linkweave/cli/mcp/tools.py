"""Tools: documents with one operation each, which agents run with variables of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, parse, validate

from linkweave.cli.mcp.input_schema import input_schema
from linkweave.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Tool:
    """An operation that an agent may run.

    `name` is the file's, `title` the operation's. `input_schema` is the JSON Schema of its variables.
    """

    name: str
    title: str
    description: str
    document: str
    is_write: bool
    input_schema: dict[str, Any]


def shipped_tools(schema: GraphQLSchema) -> tuple[Tool, ...]:
    """Returns the tools of this package."""
    folder = files("linkweave.cli.mcp") / "documents"
    found = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".graphql")}
    return tuple(read_tool(name, text, schema) for name, text in sorted(found.items()))


def tools_of(folder: Path, schema: GraphQLSchema) -> tuple[Tool, ...]:
    """Returns the tools of an operator's own folder: each file of it that ends in .graphql is one.

    Raises:
        ConfigurationError: a file cannot be read, or is no tool.
    """
    try:
        return tuple(read_tool(str(file), file.read_text("utf-8"), schema) for file in _documents(folder))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{folder}: cannot be read: {error}") from None


def _documents(folder: Path) -> Iterable[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix == ".graphql")


def read_tool(path: str, document: str, schema: GraphQLSchema) -> Tool:
    """Returns the tool that is the one operation of `document`.

    Raises:
        ConfigurationError: the document is invalid, or has not exactly one operation with a name and a description.
    """
    try:
        parsed = parse(document)
        problems = validate(schema, parsed)
    except GraphQLError as error:
        problems = [error]
    if problems:
        raise ConfigurationError(f"{path}: {problems[0].message}")
    operations = [each for each in parsed.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].name is None or operations[0].description is None:
        raise ConfigurationError(f"{path}: a tool is one operation, with a name and a description in front of it")
    operation = operations[0]
    return Tool(
        name=Path(path).stem,
        title=operations[0].name.value,
        description=operations[0].description.value,
        document=document,
        is_write=operation.operation is OperationType.MUTATION,
        input_schema=input_schema(operation, schema),
    )
