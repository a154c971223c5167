"""`linkweave token`: makes a token and the table of its client."""

import json
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import click
from pydantic import ValidationError

from linkweave.settings import ClientSettings, Scope, describe

# People, and scanners for leaked secrets, recognise a token by it.
PREFIX: Final = "lw_"
RANDOM_BYTES: Final = 32


@click.command("token")
@click.option("--name", required=True, help="The client's name, e.g. dashboard.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=(Scope.READ.value,),
    show_default=True,
    help="What the client may do; can be repeated.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    default=("*",),
    show_default=True,
    help="The key of an account that the client may see, * for all; can be repeated.",
)
def token_command(name: str, scopes: Sequence[str], accounts: Sequence[str]) -> None:
    """Make a token for a client.

    Prints the client's [[clients]] table for the configuration file on standard output, and the token on standard
    error. The token is stored nowhere, and the table has only its hash.
    """
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    try:
        client = ClientSettings(
            name=name,
            token_sha256=sha256(token.encode()).hexdigest(),
            scopes=tuple(dict.fromkeys(Scope(scope) for scope in scopes)),
            accounts=tuple(dict.fromkeys(accounts)),
        )
    except ValidationError as error:
        raise click.ClickException(describe(error, "linkweave token", "")) from None
    click.echo(client_table(client))
    click.echo(f"This token is not shown again. The client sends it as Authorization: Bearer {token}", err=True)


def client_table(client: ClientSettings) -> str:
    """Returns the [[clients]] table of `client`."""
    values = client.model_dump(mode="json", exclude_none=True)
    # For texts and lists of texts, JSON is also TOML.
    return "\n".join(["[[clients]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())])
