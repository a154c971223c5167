"""Lays down a small provider outside this repository: complete, with an emulator and tests that pass."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover

# The file of a template, and its path in the package. The templates speak of a vendor called acme.
TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pyproject.toml.txt": "pyproject.toml",
        "README.md.txt": "README.md",
        "init.py.txt": "src/linkweave_acme/__init__.py",
        "settings.py.txt": "src/linkweave_acme/settings.py",
        "refusals.py.txt": "src/linkweave_acme/refusals.py",
        "adapter.py.txt": "src/linkweave_acme/adapter.py",
        "emulator.py.txt": "src/linkweave_acme/emulator.py",
        "test.py.txt": "tests/test_acme.py",
    }
)
_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,30}")


@click.command("new-provider")
@click.argument("name")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to lay it down; linkweave-NAME in this directory by default.",
)
def new_provider_command(name: str, directory: Path | None) -> None:
    """Lay down a provider of your own.

    NAME is the provider's id: small letters and digits. The package has an adapter of a list, a look-up, a create and
    totals, its settings, an emulator and tests that pass. Change it until it speaks your vendor's API.
    """
    target = directory or Path(f"linkweave-{name}")
    try:
        check_name(name)
        lay_down(name, target)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"{target} has a provider that works, with a made-up vendor. Next:\n\n"
        f'  cd {target}\n  pip install -e ".[test]"\n  pytest\n\n'
        "docs/write-a-provider.md explains each file."
    )


def check_name(name: str) -> None:
    """Accept a name for a new provider.

    Raises:
        ConfigurationError: it has other characters than small letters and digits, or is taken.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} cannot be a provider's id; allowed are 2 to 31 small letters and digits")
    if name in discover():
        raise ConfigurationError(f"there is a provider called {name!r} already")


def lay_down(name: str, target: Path) -> None:
    """Write the package of the provider `name` into `target`, which must be empty or not exist.

    Raises:
        ConfigurationError: there is something in `target`, or it cannot be written.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise ConfigurationError(f"{target} is not empty; choose another place with --directory")
        for path, text in render(name).items():
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{target} cannot be written: {error.strerror or error}") from error


def render(name: str) -> Mapping[str, str]:
    """The files of the package of the provider `name`, by their paths."""
    folder = files("linkweave.cli").joinpath("provider_template")
    return {
        _renamed(path, name): _renamed(folder.joinpath(template).read_text("utf-8"), name)
        for template, path in TEMPLATES.items()
    }


def _renamed(text: str, name: str) -> str:
    return text.replace("acme", name).replace("Acme", name.capitalize()).replace("ACME", name.upper())
