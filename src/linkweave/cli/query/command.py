"""`linkweave query`: the command."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import click
import orjson

from linkweave.cli import tables
from linkweave.cli.csv_lines import csv_line
from linkweave.cli.gateway.client import Answer, error_line
from linkweave.cli.gateway.opening import open_client
from linkweave.cli.gateway.options import gateway_options
from linkweave.cli.options import or_exit
from linkweave.cli.query.rows import as_text, rows_of

_FORMATS: Final = ("json", "table", "csv")


@click.command("query")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@gateway_options
@click.option("--variables", metavar="JSON", help="The variables: a JSON object, or @ and the path of a file with one.")
@click.option("--operation", metavar="NAME", help="The operation to run, if the document has several.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="json", show_default=True, help="The form of the answer."
)
@click.option(
    "--rows",
    "path",
    metavar="PATH",
    help="The list whose objects are the rows of a table or of CSV, such as links.nodes. Otherwise the outermost list.",
)
def query_command(
    file: TextIO,
    url: str | None,
    config: Path | None,
    variables: str | None,
    operation: str | None,
    form: str,
    path: str | None,
) -> None:
    """Run a GraphQL operation and print its answer.

    FILE has the document; without it, or for -, standard input has it. The operation runs at the gateway of --url. With
    --config it runs in this command, over the accounts of the file. The exit status is 1 if the answer has errors.
    """
    given = _read_variables(variables)
    client = or_exit(lambda: open_client(url, config, os.environ))
    if file.isatty():
        click.echo("Type the operation, and end it with Ctrl+D.", err=True)
    document = file.read()

    async def run() -> Answer:
        async with client as gateway:
            return await gateway.send(document, given, operation)

    answer = or_exit(lambda: asyncio.run(run()))
    _print(answer, form, path)
    sys.exit(1 if answer.errors else 0)


def _read_variables(given: str | None) -> Mapping[str, Any]:
    """Returns the variables.

    Raises:
        BadParameter: they are no JSON object, or their file cannot be read.
    """
    if given is None:
        return {}
    try:
        text = Path(given[1:]).read_text("utf-8") if given.startswith("@") else given
        variables = json.loads(text)
    except OSError as error:
        raise click.BadParameter(f"{given[1:]}: {error.strerror or error}", param_hint="'--variables'") from None
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="'--variables'") from None
    if not isinstance(variables, dict):
        raise click.BadParameter('must be an object, such as {"first": 10}', param_hint="'--variables'")
    return variables


def _print(answer: Answer, form: str, path: str | None) -> None:
    if form == "json":
        click.echo(orjson.dumps(answer.body, option=orjson.OPT_INDENT_2))
        return
    for error in answer.errors:
        click.echo(tables.one_line(error_line(error)), err=True)
    rows = [] if answer.data is None else rows_of(answer.data, path)
    if form == "csv":
        click.echo("".join(map(csv_line, rows)), nl=False)
    elif rows:
        tables.show([[tables.one_line(as_text(cell)) for cell in row] for row in rows])
