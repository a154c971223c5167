"""`linkweave token`: a client's table for the configuration, and its token, which is in no file."""

import re
import signal
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

from harness.linkweave_process import account_table, linkweave
from linkweave.cli.commands import main
from linkweave.settings import from_table

ACCOUNTS = [{"key": "main", "provider": "picsee", "token": "t"}, {"key": "other", "provider": "picsee", "token": "t"}]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["token", *arguments])


def made(*arguments: str) -> tuple[str, dict[str, Any]]:
    """The token and the client."""
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    (client,) = tomllib.loads(done.stdout)["clients"]
    found = re.search(r"Bearer (\S+)$", done.stderr.strip())
    assert found is not None
    assert found[1] not in done.stdout
    return found[1], client


def test_a_client_may_read_every_account_by_default() -> None:
    token, client = made("--name", "dashboard")
    assert client == {
        "name": "dashboard",
        "token_sha256": sha256(token.encode()).hexdigest(),
        "scopes": ["read"],
        "accounts": ["*"],
    }


def test_scopes_and_accounts_are_in_the_table_once() -> None:
    options = ("--scope", "write", "--scope", "read", "--scope", "write", "--account", "main", "--account", "main")
    _, client = made("--name", "editor", *options)
    assert (client["scopes"], client["accounts"]) == (["write", "read"], ["main"])


def test_the_printed_table_is_part_of_a_configuration() -> None:
    _, client = made("--name", "editor", "--scope", "admin", "--account", "other")
    (read,) = from_table({"accounts": ACCOUNTS, "clients": [client]}, "demo").clients
    assert (read.name, read.scopes, read.accounts) == ("editor", ("admin",), ("other",))


def test_a_token_is_long_and_random_and_has_a_prefix() -> None:
    tokens = {made("--name", "a")[0] for _ in range(5)}
    assert len(tokens) == 5
    assert all(re.fullmatch(r"lw_[A-Za-z0-9_-]{43}", token) for token in tokens)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing option '--name'"),
        (("--name", "The Dashboard"), "linkweave token: name: must be lower-case letters, digits, "),
        (("--name", "a", "--scope", "root"), "'root' is not one of 'read', 'write', 'admin'"),
        (("--name", "a", "--account", "*", "--account", "main"), "linkweave token: accounts: must name at least one "),
    ],
)
def test_invalid_options_are_refused_without_a_token(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code != 0
    assert message in done.stderr
    assert "lw_" not in done.output
    assert done.stdout == ""


def test_the_new_client_has_access_and_no_other_token_has(tmp_path: Path) -> None:
    path = tmp_path / "linkweave.toml"
    path.write_text(account_table("http://127.0.0.1:9", "picsee"))
    done = run("--name", "dashboard")
    with path.open("a") as file:
        file.write(done.stdout)
    token = done.stderr.rpartition(" ")[2].strip()
    with linkweave("serve", "--config", str(path), "--port", "0") as running, httpx2.Client(trust_env=False) as http:
        address = running.wait_for(r"serves .* at (http://[\d.:]+)")[1] + "/graphql"
        statuses = [
            http.post(
                address, json={"query": "{ accounts { key } }"}, headers={"authorization": f"Bearer {given}"}
            ).status_code
            for given in (token, token[:-1], f"{token}x")
        ]
        running.stop(signal.SIGTERM)
    assert statuses == [200, 401, 401]
    assert token not in running.output
