"""The options that name a gateway: a running one, or the accounts of a configuration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def gateway_options(command: Command) -> Command:
    """Adds `--url` and `--config` to a command."""
    for option in (
        click.option(
            "--config",
            type=click.Path(dir_okay=False, path_type=Path),
            help="A configuration file (TOML). Its accounts are asked by this command itself.",
        ),
        click.option(
            "--url",
            help="The address of a running gateway. The variable LINKWEAVE_TOKEN has the token, if it wants one.",
        ),
    ):
        command = option(command)
    return command
