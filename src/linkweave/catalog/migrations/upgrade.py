"""Runs the revisions that a database lacks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

_FOLDER: Final = Path(__file__).parent


def is_known(revision: str) -> bool:
    """Whether this program has the revision. A database of a newer program has one that it lacks."""
    try:
        _scripts().get_revision(revision)
    except CommandError:
        return False
    return True


def newest_revision() -> str | None:
    """Returns the number of the newest revision in `versions/`."""
    return _scripts().get_current_head()


def run_revisions(connection: Connection, report: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Runs all revisions that the database lacks, in the transaction of `connection`.

    `report` gets how many of them are done, and of how many, before the first one and after each.
    """
    scripts, done, total = _scripts(), 0, 0

    def lacking(present: Any, _: object) -> Any:
        nonlocal total
        revisions = scripts._upgrade_revs("head", present)  # noqa: SLF001 # alembic.command has no other way either
        total = len(revisions)
        report(0, total)
        return revisions

    def count(*_: Any, **__: Any) -> None:
        nonlocal done
        done += 1
        report(done, total)

    with EnvironmentContext(Config(), scripts, fn=lacking) as environment:
        environment.configure(connection=connection, on_version_apply=count)
        environment.run_migrations()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(_FOLDER)
