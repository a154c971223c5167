"""Everything that a database knows about its tables, as lines to compare."""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

_SQLITE: Final = (
    """SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
       FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name <> 'alembic_version'""",
    """SELECT t.name, f."from", f."table", f."to", f.on_delete
       FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'""",
    """SELECT name, ncol, wr FROM pragma_table_list
       WHERE schema = 'main' AND name NOT IN ('alembic_version', 'sqlite_schema')""",
    "SELECT name, sql FROM sqlite_master WHERE type <> 'table' AND tbl_name <> 'alembic_version'",
)
_POSTGRESQL: Final = (
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, collation_name, column_default
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'""",
)


def schema_of(connection: Connection) -> list[str]:
    """Returns a line for each column, key and index of the tables that migrations make."""
    return sorted(_lines(connection))


def _lines(connection: Connection) -> Iterator[str]:
    queries = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    for number, query in enumerate(queries):
        for row in connection.execute(text(query)):
            yield re.sub(r"\s+", " ", f"{number} {' | '.join(map(str, row))}")
