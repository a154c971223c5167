"""`linkweave token`: a new client and its token."""

import json
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import click
from pydantic import ValidationError

from linkweave.settings import ClientSettings, Scope, describe

# Tells people and scanners of leaked secrets what it is.
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
    help="What it may do; may be given several times.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    default=("*",),
    show_default=True,
    help="The key of an account that it may see, * for all; may be given several times.",
)
def token_command(name: str, scopes: Sequence[str], accounts: Sequence[str]) -> None:
    """Make a token for a client.

    Prints the client's [[clients]] table on standard output, for the configuration file, and the token on standard
    error, once: it is kept nowhere, and the table has its hash alone.
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
    click.echo(entry(client))
    click.echo(f"The token, which is not shown again; the client sends it as Authorization: Bearer {token}", err=True)


def entry(client: ClientSettings) -> str:
    """The table that gives `client` to a configuration."""
    values = client.model_dump(mode="json", exclude_none=True)
    # What JSON says of texts and lists of texts, TOML says too.
    return "\n".join(["[[clients]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())])
