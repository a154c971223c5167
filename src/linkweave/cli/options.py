"""Options that several commands have, and how a command ends at a configuration that cannot be used."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import click

from linkweave.errors import ConfigurationError

T = TypeVar("T")

PORT: Final = click.IntRange(0, 65535)


class ConfigFile(click.Path):
    """The path of the configuration file. Its error says how to write one."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Returns what click prints if the option is missing."""
        return (
            "Name the TOML file with your accounts. `linkweave init` writes one, and docs/configuration.md has every "
            "key. Without accounts of your own, try: linkweave demo"
        )


config_option = click.option(
    "--config",
    type=ConfigFile(dir_okay=False, path_type=Path),
    required=True,
    help="The configuration file (TOML). docs/configuration.md describes every key.",
)


def or_exit(step: Callable[[], T]) -> T:
    """Returns the result of `step`. A configuration error ends the process with its message and status 1."""
    try:
        return step()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
