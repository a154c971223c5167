"""Loads the configuration and checks all of it, so that one start names every mistake."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linkweave.accounts import account_problems
from linkweave.edge.auth.setup import local_keys
from linkweave.edge.persisted_queries.setup import check_manifest
from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover
from linkweave.schema.build import build_schema
from linkweave.settings import Settings
from linkweave.settings.loading import Draft, read


def load_configuration(
    path: Path,
    environment: Mapping[str, str],
    server: Mapping[str, Any] | None = None,
    accounts: Sequence[Mapping[str, Any]] | None = None,
) -> Settings:
    """Returns the settings at `path`, whose accounts, key file and manifest can be used.

    `server` takes precedence over the [server] of the file; `accounts` take the place of its accounts.

    Raises:
        ConfigurationError: they cannot. The message has a line for each mistake, as far as it can be known.
    """
    draft = read(path, environment, server, accounts)
    faulty = [] if "accounts" in draft.unusable else account_problems(draft.settings.accounts, discover())
    return draft.settled(faulty, _problems_of_files(draft))


def _problems_of_files(draft: Draft) -> Iterator[str]:
    settings = draft.settings
    if "jwt" not in draft.unusable:
        yield from _lines(settings, lambda: local_keys(settings))
    if draft.unusable.isdisjoint({"documents", "limits", "server"}):
        yield from _lines(settings, lambda: check_manifest(settings, build_schema))


def _lines(settings: Settings, check: Callable[[], object]) -> Iterator[str]:
    """Yields the lines of the error that `check` raises, without the name of the file."""
    try:
        check()
    except ConfigurationError as error:
        yield from (line.removeprefix(f"{settings.source}: ") for line in str(error).splitlines())
