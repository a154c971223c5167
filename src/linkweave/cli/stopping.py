"""What all commands have in common: Ctrl+C stops them, and plug-ins that cannot be loaded are named."""

from collections.abc import Iterable
from typing import Any, Final

import click

from linkweave.providers.discovery import find_providers

# The exit status of a shell's commands after SIGINT.
INTERRUPTED: Final = 130
STOPPED: Final = "Stopped."


class Commands(click.Group):
    """A group whose commands say that they were stopped."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. After Ctrl+C the exit status is 130; where the input of a question ends, it is 1."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _say_stopped(ctx, STOPPED, INTERRUPTED)
        except click.Abort as error:
            # click raises it for both, while it waits for an answer.
            if isinstance(error.__context__, KeyboardInterrupt):
                _say_stopped(ctx, f"\n{STOPPED}", INTERRUPTED)
            _say_stopped(ctx, "\nThe input ended before the last question.", 1)


def warn_of_broken_plugins() -> None:
    """Print a line for each plug-in whose provider is left out."""
    warn(find_providers().problems)


def warn(problems: Iterable[str]) -> None:
    """Print a line for each provider that is left out."""
    for problem in problems:
        click.echo(f"Warning: {problem}; this provider is left out", err=True)


def _say_stopped(ctx: click.Context, message: str, status: int) -> None:
    click.echo(message, err=True)
    ctx.exit(status)
