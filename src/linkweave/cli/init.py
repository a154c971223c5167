"""`linkweave init`: asks for the accounts, writes the configuration file and checks it."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import click
from pydantic.fields import FieldInfo

from linkweave.cli.check_command import check_settings
from linkweave.cli.new_configuration import (
    NewAccount,
    choices_of,
    is_secret,
    is_variable_name,
    render,
    variable,
    write,
)
from linkweave.cli.options import PORT, or_exit
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.server.configuration import load_configuration
from linkweave.settings.suggestions import did_you_mean

DEFAULT_PATH: Final = Path("linkweave.toml")
DEFAULT_PORT: Final = 8000
_NONE: Final = "-"
_NO_NAME: Final = "a name has capital letters, digits and _. Name the variable; do not enter the credential itself"


@click.command("init")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_PATH,
    show_default=True,
    help="The file to write.",
)
@click.option("--provider", "names", multiple=True, help="A provider to have an account at; can be repeated.")
@click.option("--port", type=PORT, help="The gateway's port.")
@click.option("--overwrite", is_flag=True, help="Replace a file that exists, without a question.")
@click.option("--no-input", is_flag=True, help="Ask nothing: every other value has its default.")
@click.option("--no-check", is_flag=True, help="Do not ask the vendors whether the accounts work.")
def init_command(
    config: Path, names: tuple[str, ...], port: int | None, overwrite: bool, no_input: bool, no_check: bool
) -> None:
    """Write a configuration file.

    Asks for each account's provider and for the environment variables with its credentials, writes the file so that
    only you can read it, and checks it as `linkweave check` does. No credential is entered or stored.
    """
    try:
        _allow_overwriting(config, overwrite, no_input)
        accounts = _given_accounts(names, no_input) if names or no_input else _asked_accounts()
        chosen = _port(port, no_input)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nNothing was written.", err=True, nl=False)
        raise
    or_exit(lambda: write(config, render(accounts, chosen, config.stem)))
    click.echo(f"{config} is written; only you can read it.")
    sys.exit(_check(config, accounts, no_check))


def _allow_overwriting(config: Path, overwrite: bool, no_input: bool) -> None:
    if overwrite or not config.exists():
        return
    if no_input:
        raise click.ClickException(f"{config} exists; name another file with --config, or allow it with --overwrite")
    if not click.confirm(f"{config} exists. Replace it?", err=True):
        raise click.ClickException(f"nothing was written; {config} is as it was")


def _given_accounts(names: Sequence[str], no_input: bool) -> list[NewAccount]:
    providers = discover()
    if not names:
        raise click.ClickException(f"name at least one --provider: {', '.join(providers)}")
    accounts: list[NewAccount] = []
    for name in names:
        try:
            accounts.append(_new_account(_provider(name, providers), accounts, no_input))
        except click.UsageError as error:
            raise click.ClickException(error.message) from None
    return accounts


def _asked_accounts() -> list[NewAccount]:
    providers = discover()
    accounts: list[NewAccount] = []
    while not accounts or click.confirm("Another account?", err=True):
        question = f"Provider ({', '.join(providers)})"
        provider = click.prompt(question, value_proc=lambda name: _provider(name, providers), err=True)
        accounts.append(_new_account(provider, accounts, no_input=False))
    return accounts


def _provider(name: str, providers: Mapping[str, Provider]) -> Provider:
    if name.strip() in providers:
        return providers[name.strip()]
    known = ", ".join(providers)
    raise click.UsageError(f"there is no such provider; allowed: {known}{did_you_mean(name, providers)}")


def _new_account(provider: Provider, others: Sequence[NewAccount], no_input: bool) -> NewAccount:
    account = NewAccount(provider, os.environ)
    if not no_input:
        click.echo(_help(provider), err=True)
    taken = [other.table["key"] for other in others]
    account.table["key"] = next(key for key in _keys(provider.id) if key not in taken)
    if not no_input:
        account.table["key"] = click.prompt(
            "Its key, by which queries name it",
            default=account.table["key"],
            value_proc=lambda value: _checked(account, "key", value, taken),
            err=True,
        )
    for name, setting in account.questions():
        account.table[name] = _default(account, name, setting)
        if not no_input:
            account.table[name] = _ask(account, name, setting)
        if account.table[name] == _NONE:
            del account.table[name]
    return account


def _help(provider: Provider) -> str:
    credentials = f" needs {provider.credentials_from}." if provider.credentials_from else "."
    return f"{provider.name}{credentials} Its documentation: {provider.documentation_url}"


def _keys(provider: str) -> Iterator[str]:
    yield provider
    yield from (f"{provider}-{number}" for number in range(2, 1000))


def _default(account: NewAccount, name: str, setting: FieldInfo) -> str:
    if choices_of(setting):
        return str(choices_of(setting)[0] if setting.is_required() else setting.default)
    return variable(account.variable_name(name))


def _ask(account: NewAccount, name: str, setting: FieldInfo) -> str:
    if is_secret(setting):
        optional = "" if setting.is_required() else f" ({_NONE} for none)"
        question, default = f"Environment variable with its {name}{optional}", account.variable_name(name)
        return str(click.prompt(question, default=default, value_proc=partial(_variable, setting), err=True))
    choices = choices_of(setting)
    question = f"Its {name} ({', '.join(choices)})" if choices else f"Its {name}"
    return str(
        click.prompt(
            question,
            default=account.table[name],
            value_proc=lambda value: _checked(account, name, value, ()),
            err=True,
        )
    )


def _variable(setting: FieldInfo, answer: str) -> str:
    name = answer.strip().removeprefix("${").removesuffix("}")
    if name == _NONE and not setting.is_required():
        return name
    if not is_variable_name(name):
        raise click.UsageError(_NO_NAME)
    return variable(name)


def _checked(account: NewAccount, name: str, value: str, taken: Sequence[str]) -> str:
    value = value.strip()
    account.table[name] = value
    problem = "another account has this key" if value in taken else account.problem(name)
    if problem is None and not value.isprintable():
        problem = "it has an unprintable character"
    if problem is not None:
        raise click.UsageError(problem)
    return value


def _port(port: int | None, no_input: bool) -> int:
    if port is not None or no_input:
        return DEFAULT_PORT if port is None else port
    return int(click.prompt("The gateway's port", default=DEFAULT_PORT, type=PORT, err=True))


def _check(config: Path, accounts: Sequence[NewAccount], no_check: bool) -> int:
    """Check the file, and the accounts if their credentials are there. Returns the exit status."""
    unset = list(dict.fromkeys(name for account in accounts for name in account.unset()))
    if unset:
        click.echo(f"Set {', '.join(unset)} in the environment. Then:")
    else:
        settings = or_exit(lambda: load_configuration(config, os.environ))
        status = 0 if no_check else check_settings(settings)
        if status:
            return status
        click.echo("Next:")
    click.echo(f"  linkweave check --config {config}\n  linkweave serve --config {config}")
    return 0
