"""`linkweave catalog` looks after the database, and `linkweave check` has a row for it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.linkweave_process import account_table, linkweave
from linkweave.catalog.migrations import HEAD
from linkweave.cli.commands import main

pytestmark = pytest.mark.usefixtures("kept_logging")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Runs a command over a configuration with a catalog beside it."""
    config = tmp_path / "linkweave.toml"
    config.write_text(f'{account_table("http://127.0.0.1:1", "tinycc")}\n[catalog]\nurl = "sqlite:///catalog.db"\n')

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--config", str(config)])

    return invoke


def _execute(tmp_path: Path, *statements: str) -> None:
    with sqlite3.connect(tmp_path / "catalog.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_upgrade_creates_the_tables_beside_the_configuration(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("catalog", "upgrade")
    assert result.stdout == f"The tables are upgraded to revision {HEAD}.\n"
    assert result.stderr.splitlines() == [f"{n} of {int(HEAD)} revisions of the tables run" for n in (0, int(HEAD))]
    assert (tmp_path / "catalog.db").exists()
    assert run("catalog", "upgrade").stdout == f"The tables are up to date at revision {HEAD}.\n"


def test_status_shows_what_is_known_of_each_account(run: Callable[..., Result], tmp_path: Path) -> None:
    run("catalog", "upgrade")
    walk = "INSERT INTO account_syncs (account, last_full_walk_at, walk_position, walk_links, budget_calls, error)"
    _execute(
        tmp_path,
        f"{walk} VALUES ('walked', 1796052150000000, NULL, 7, 12, NULL)",
        f"{walk} VALUES ('walking', NULL, '{{}}', 1200, 0, 'the vendor is down')",
    )
    result = run("catalog", "status")
    assert [line.split("\t") for line in result.stdout.splitlines()] == [
        ["account", "links", "deleted", "whole walk (UTC)", "walking", "calls today", "error"],
        ["walked", "0", "0", "2026-11-30 15:22", "-", "12", "-"],
        ["walking", "0", "0", "never", "1,200", "0", "the vendor is down"],
    ]


def test_vacuum_gives_the_space_of_deleted_rows_back(run: Callable[..., Result], tmp_path: Path) -> None:
    run("catalog", "upgrade")
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
    columns = "account, upload_id, name, uploaded_at, model"
    rows = "SELECT 'a', i, hex(zeroblob(5000)), 0, '{}' FROM n"
    _execute(tmp_path, f"{numbers} INSERT INTO uploads ({columns}) {rows}")
    _execute(tmp_path, "DELETE FROM uploads")
    _execute(tmp_path, "PRAGMA wal_checkpoint(TRUNCATE)")
    before = (tmp_path / "catalog.db").stat().st_size
    # A gateway has the file open, so that its log of writes is not removed when the command ends.
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as gateway:
        gateway.execute("SELECT count(*) FROM links").fetchall()
        result = run("catalog", "vacuum")
        assert (result.exit_code, result.stdout) == (0, "The database is cleaned up.\n")
        assert result.stderr.splitlines() == [f"{n} of 3 steps of the clean-up done" for n in (0, 3)]
        assert (tmp_path / "catalog.db-wal").stat().st_size == 0
    assert (tmp_path / "catalog.db").stat().st_size < before / 2


@pytest.mark.parametrize("command", ["upgrade", "status", "vacuum"])
def test_a_database_that_cannot_be_used_is_an_error_with_its_reason(
    run: Callable[..., Result], tmp_path: Path, command: str
) -> None:
    (tmp_path / "catalog.db").mkdir()
    result = run("catalog", command)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: the catalog's database cannot be opened; ")


def test_a_configuration_without_a_catalog_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    config = tmp_path / "linkweave.toml"
    config.write_text(account_table("http://127.0.0.1:1", "tinycc"))
    result = CliRunner().invoke(main, ["catalog", "status", "--config", str(config)])
    assert result.exit_code == 1
    assert "[catalog] url names its database" in result.stderr


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The URL of a sandbox."""
    with linkweave("sandbox", "--port", "0") as running:
        yield running.wait_for(r"(http://\S+)/_sandbox/calls")[1]


def _check(folder: Path, sandbox: str) -> tuple[int, list[str]]:
    path = folder / "linkweave.toml"
    path.write_text(f'{account_table(sandbox, "tinycc")}\n[catalog]\nurl = "sqlite:///catalog.db"\n')
    result = CliRunner().invoke(main, ["check", "--config", str(path)])
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    return result.exit_code, next(row for row in rows if row[0] == "[catalog]")


def test_check_says_that_the_database_can_be_used(tmp_path: Path, sandbox: str, run: Callable[..., Result]) -> None:
    for _ in range(2):
        status, row = _check(tmp_path, sandbox)
        assert (status, row[1], row[4:]) == (0, "works", ["The database can be used.", "nothing"])
        run("catalog", "upgrade")


def test_check_leaves_the_tables_as_they_are(tmp_path: Path, sandbox: str, run: Callable[..., Result]) -> None:
    run("catalog", "upgrade")
    _execute(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    status, row = _check(tmp_path, sandbox)
    assert (status, row[1]) == (1, "cannot be used")
    assert "has tables of a newer version of Linkweave" in row[4]
    assert row[5] == "See docs/operations.md, The catalog's database."
