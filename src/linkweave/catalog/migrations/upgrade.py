"""Runs the revisions that a database lacks."""

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


def run_revisions(connection: Connection) -> None:
    """Runs all revisions that the database lacks, in the transaction of `connection`."""
    scripts = _scripts()

    def lacking(present: Any, _: object) -> Any:
        return scripts._upgrade_revs("head", present)  # noqa: SLF001 # alembic.command has no other way either

    with EnvironmentContext(Config(), scripts, fn=lacking) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(_FOLDER)
