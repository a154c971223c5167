"""A SQLite database that refuses the rows of one table for some time."""

from sqlalchemy import text

from harness.fast_clock import FastClock
from linkweave.catalog.database import Database


class RefusingDatabase(FastClock):
    """The clock of what stores in `database`. The table takes no row from `refuse` until `sleeps` of it are over."""

    def __init__(self, database: Database, table: str, sleeps: int) -> None:
        self._database = database
        self._table = table
        self._sleeps = sleeps

    async def refuse(self) -> None:
        """Refuses rows from now on."""
        await self._execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON {self._table} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )

    async def sleep(self, _: float) -> None:
        """Returns at once."""
        self._sleeps -= 1
        if not self._sleeps:
            await self._execute("DROP TRIGGER refuse")

    async def _execute(self, statement: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(text(statement))
