import signal
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import httpx2
import pytest
from click.testing import CliRunner, Result
from graphql import build_schema as parse_schema

from harness.linkweave_process import Running, account_table, linkweave
from linkweave.cli import tables
from linkweave.cli.commands import main
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.schema.build import build_schema
from linkweave.server import run as server

COMMANDS = [
    "check",
    "copy",
    "demo",
    "export",
    "import",
    "init",
    "new-provider",
    "providers",
    "query",
    "sandbox",
    "schema",
    "serve",
    "token",
]
GRAPHQL = "/graphql"
PAGE = """query Page($after: String) {
  links(first: 1, after: $after, filter: { accounts: ["tinycc"] }) { nodes { slug } pageInfo { endCursor } }
}"""

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells workers apart by /proc")


pytestmark = pytest.mark.usefixtures("kept_logging")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The URL of a sandbox."""
    with linkweave("sandbox", "--port", "0") as running:
        yield running.wait_for(r"(http://\S+)/_sandbox/calls")[1]


@pytest.fixture
def config(tmp_path: Path, sandbox: str) -> Path:
    """A configuration whose one account works."""
    path = tmp_path / "linkweave.toml"
    path.write_text(account_table(sandbox, "tinycc"))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def one_line(result: Result) -> str:
    """The one line on standard error of a command that could not do its work."""
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line.removeprefix("Error: ")


def test_without_arguments_the_commands_are_listed() -> None:
    output = run().output
    assert all(f"\n  {command}" in output for command in COMMANDS)
    assert "linkweave demo" in output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_and_what_each_option_means(command: str) -> None:
    result = run(command, "--help")
    summary = next(line for line in run().output.splitlines() if line.startswith(f"  {command} "))
    assert result.exit_code == 0
    assert summary.split(maxsplit=1)[1] in result.output
    assert not summary.endswith("...")
    options = [each for each in main.commands[command].params if isinstance(each, click.Option)]
    assert all(option.help for option in options)


def test_help_has_a_short_form() -> None:
    assert run("serve", "-h").output == run("serve", "--help").output


def test_the_version_is_the_packages() -> None:
    assert run("--version").output == f"linkweave, version {version('linkweave')}\n"


def test_serves_help_shows_how_a_configuration_starts() -> None:
    output = run("serve", "--help").output
    assert '    [[accounts]]\n    key = "picsee-main"\n' in f"  {output}".replace("\n  ", "\n    ").replace(
        "      ", "    "
    )


@pytest.mark.parametrize("command", ["serve", "check"])
def test_without_a_configuration_the_error_says_what_to_do(command: str) -> None:
    result = run(command)
    assert result.exit_code == 2
    assert "Missing option '--config'" in result.output
    assert "docs/configuration.md" in result.output
    assert "linkweave demo" in result.output


ACCOUNT = "[[accounts]]\nkey = 'a'\nprovider = 'picsee'\ntoken = 't'"
WRONG = {
    'accounts = "x"\n[': "is not TOML: ",
    "": "accounts: is required, but missing",
    "[[accounts]]\nkey = 'a'\nprovider = 'nobody'": (
        "accounts[0] (a).provider: 'nobody' is not a provider; allowed: bitly, "
    ),
    "[[accounts]]\nkey = 'a'\nprovider = 'picsee'": "accounts[0] (a).token: is required, but missing",
    "[[accounts]]\nkey = 'a'\nprovider = 'picsee'\ntoken = '${LINKWEAVE_TEST_UNSET}'": (
        "accounts[0].token: the environment variable LINKWEAVE_TEST_UNSET is not set; set it, or "
    ),
    "[server]\nport = 65536\n" + ACCOUNT: "server.port: input should be less than or equal to 65535",
    "colour = 'red'\n" + ACCOUNT: "colour: is not a known key",
    "server = 1\n" + ACCOUNT: "server: must be a table",
    "[server]\nhost = '0.0.0.0'\n" + ACCOUNT: "server.host: 0.0.0.0 is not a loopback address. ",
    "[[clients]]\nname = 'a'\naccounts = ['*']\n" + ACCOUNT: ("clients[0].token_sha256: is required, but missing"),
    '[jwt]\njwks = "/nowhere/keys.json"\nissuer = "i"\naudience = "a"\n' + ACCOUNT: (
        "jwt.jwks: /nowhere/keys.json cannot be read: No such file or directory"
    ),
}


@pytest.mark.parametrize("command", [("serve",), ("serve", "--workers", "2"), ("check",)])
@pytest.mark.parametrize(("toml", "error"), WRONG.items())
def test_a_faulty_configuration_is_one_line_with_file_key_and_remedy(
    tmp_path: Path, command: tuple[str, ...], toml: str, error: str
) -> None:
    path = tmp_path / "linkweave.toml"
    path.write_text(toml)
    assert one_line(run(*command, "--config", path)).startswith(f"{path}: {error}")


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_missing_configuration_is_one_line(tmp_path: Path, command: str) -> None:
    path = tmp_path / "nowhere.toml"
    assert one_line(run(command, "--config", path)) == (
        f"{path}: cannot be read: No such file or directory; `linkweave init` writes one"
    )


MANY_MISTAKES = """
colour = 1
[server]
prot = 9400
host = "0.0.0.0"
deadline_seconds = "${LINKWEAVE_TEST_UNSET}"
[documents]
manifest = "nowhere.json"
[[accounts]]
key = "one"
provider = "pics.ee"
[[accounts]]
key = "two"
provider = "cuttly"
api_key = "${LINKWEAVE_TEST_SECRET}"
plan = "${LINKWEAVE_TEST_SECRET}"
[[accounts]]
key = "two"
provider = "${LINKWEAVE_TEST_SECRET}"
"""
THEIR_PLACES = [
    "server.deadline_seconds",
    "server.prot",
    "colour",
    "server.host",
    "accounts[0] (one).provider",
    "accounts[1] (two).plan",
    "accounts[2] (two).provider",
    "accounts[2] (two).key",
    "documents.manifest",
]


@pytest.mark.parametrize("command", ["serve", "check"])
def test_every_mistake_of_a_configuration_has_its_line_with_file_key_and_remedy_and_no_secret(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKWEAVE_TEST_SECRET", "nobody-may-see")
    path = tmp_path / "linkweave.toml"
    path.write_text(MANY_MISTAKES)
    result = run(command, "--config", path)
    lines = result.stderr.removeprefix("Error: ").splitlines()
    assert [line.split(": ")[:2] for line in lines] == [[str(path), place] for place in THEIR_PLACES]
    assert "did you mean 'port'?" in lines[1]
    assert "did you mean 'picsee'?" in lines[4]
    assert "nobody-may-see" not in result.output


def test_the_command_lines_address_takes_precedence_over_the_files(tmp_path: Path) -> None:
    path = tmp_path / "linkweave.toml"
    path.write_text("[server]\nhost = '0.0.0.0'\n" + account_table("http://x", "picsee", token="t"))
    with server.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        error = one_line(run("serve", "--config", path, "--host", "127.0.0.1", "--port", port))
    assert error.startswith(f"cannot listen on 127.0.0.1:{port}: ")


def test_an_open_address_on_the_command_line_is_refused(config: Path) -> None:
    assert "server.host: 0.0.0.0 is not a loopback address" in one_line(
        run("serve", "--config", config, "--host", "0.0.0.0")  # noqa: S104 - is refused
    )


def test_a_port_in_use_is_one_line_that_names_the_option(config: Path) -> None:
    with server.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        error = {
            option: one_line(run(*command))
            for option, command in {
                "--host and --port": ("serve", "--config", config, "--port", port),
                "--port": ("demo", "--port", port, "--sandbox-port", 0),
                "--sandbox-port": ("demo", "--port", 0, "--sandbox-port", port),
            }.items()
        }
        assert one_line(run("sandbox", "--port", port)) == error["--port"]
    for option, line in error.items():
        assert line.startswith(f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another ")
        assert line.endswith(f"with {option}")


def test_check_prints_a_line_for_an_account_that_works(config: Path) -> None:
    result = run("check", "--config", config)
    assert result.exit_code == 0
    header, row = (line.split("\t") for line in result.stdout.splitlines())
    assert header == ["account", "verdict", "asked", "answer", "meaning", "to do"]
    assert row[:2] == ["tinycc", "works"]
    assert row[2].startswith("tiny.cc at http://127.0.0.1:")
    assert row[3].endswith(" ms")
    assert row[4:] == ["The vendor accepts the credentials.", "nothing"]
    assert result.stderr == "works: 1 of 1\n"


def test_check_fails_when_one_account_of_several_cannot_be_used(config: Path, sandbox: str) -> None:
    with config.open("a") as file:
        file.write(account_table(sandbox, "picsee", token="wrong"))
    result = run("check", "--config", config)
    assert result.exit_code == 1
    assert result.stderr == "works: 1 of 2; cannot be used: 1 of 2 (picsee)\n"
    assert [line.split("\t")[1] for line in result.stdout.splitlines()] == ["verdict", "works", "cannot be used"]


def test_check_reports_an_unreachable_account(tmp_path: Path) -> None:
    path = tmp_path / "linkweave.toml"
    with server.listen("127.0.0.1", 0) as listener:
        unused = server.url(listener)
    path.write_text(account_table(unused, "picsee", token="t"))
    result = run("check", "--config", path)
    assert result.exit_code == 1
    assert "Whether the credentials are right is not known." in result.stdout.splitlines()[1].split("\t")[4]


def test_providers_prints_the_matrix_in_lines() -> None:
    assert run("providers").stdout == "".join("\t".join(row) + "\n" for row in tables.matrix(discover()))


def test_providers_prints_the_matrix_for_the_documentation() -> None:
    assert run("providers", "--markdown").stdout == tables.as_markdown(tables.matrix(discover()))


@pytest.mark.parametrize("provider", discover().values(), ids=discover())
def test_providers_prints_the_facts_about_one_provider(provider: Provider) -> None:
    told = dict(line.split("\t") for line in run("providers", provider.id).stdout.splitlines())
    assert (told["fact"], told["name"], told["base_url"]) == (provider.id, provider.name, provider.base_url or "-")
    assert set(told["capabilities"].split(", ")) == {each.value for each in provider.capabilities}
    assert told["does not work without domains"] == (provider.without_domains or "-")


def test_providers_names_the_known_ones_where_the_name_is_unknown() -> None:
    assert one_line(run("providers", "nobody")) == f"'nobody' is not a provider; known are {', '.join(discover())}"


def test_schema_prints_what_is_served() -> None:
    printed = run("schema").stdout
    assert printed == build_schema().as_str() + "\n"
    assert parse_schema(printed).query_type is not None


def serving_at(running: Running) -> str:
    return running.wait_for(r"serves 1 account at (http://[^\s\"]+)/graphql")[1] + GRAPHQL


def first_page(url: str, after: str | None = None) -> Any:
    body = httpx2.post(url, json={"query": PAGE, "variables": {"after": after}}, timeout=30).json()
    assert "errors" not in body
    return body["data"]["links"]


@needs_proc
def test_a_cursor_of_one_worker_opens_in_the_other_and_both_exit(config: Path) -> None:
    with linkweave("serve", "--config", str(config), "--port", "0", "--workers", "2") as running:
        url = serving_at(running)
        first_page(url)
        one, other = running.workers()
        with running.paused(other):
            page = first_page(url)
        with running.paused(one):
            second = first_page(url, page["pageInfo"]["endCursor"])
        assert running.stop(signal.SIGTERM) == 0
    assert page["nodes"] != second["nodes"]
    assert len(second["nodes"]) == 1
    assert "Traceback" not in running.output


@needs_proc
def test_ctrl_c_in_a_terminal_ends_workers_that_have_just_started(config: Path) -> None:
    with linkweave("serve", "--config", str(config), "--port", "0", "--workers", "2") as running:
        serving_at(running)
        while len(running.workers()) < 2:
            time.sleep(0.01)
        assert running.stop_group(signal.SIGINT) == 0
    assert "Traceback" not in running.output


def test_the_sandbox_closes_connections_and_stops_without_a_traceback() -> None:
    with linkweave("sandbox", "--port", "0") as running:
        url = running.wait_for(r"(http://\S+)/_sandbox/calls")[1]
        for kind, error in (("reset", httpx2.ReadError), ("truncated", httpx2.RemoteProtocolError)):
            httpx2.put(f"{url}/_sandbox/faults/picsee", json={"kind": kind})
            with pytest.raises(error):
                httpx2.get(f"{url}/picsee/v2/my/api/status")
        assert running.stop(signal.SIGTERM) == 0
    assert "Traceback" not in running.output
    assert "ERROR" not in running.output
