"""Ctrl+C and plug-ins that cannot be loaded, in every command."""

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.broken_plugin import INTERRUPTED, RAISES, install_plugin
from harness.linkweave_process import account_table, linkweave
from linkweave.cli.commands import main
from linkweave.server import run as server

WARNING = (
    "Warning: entry point broken of linkweave.providers: linkweave_broken:PROVIDER cannot be loaded: RuntimeError: "
    "no key for this machine; this provider is left out\n"
)
COMMANDS = {
    "check": ("--config", "nowhere.toml"),
    "copy": ("--config", "nowhere.toml"),
    "demo": (),
    "export": ("--config", "nowhere.toml"),
    "import": ("--account", "tinycc", "--config", "nowhere.toml", "-"),
    "init": ("--no-input",),
    "new-provider": ("tiny.cc",),
    "providers": (),
    "query": ("--config", "nowhere.toml"),
    "sandbox": (),
    "schema": (),
    "serve": ("--config", "nowhere.toml"),
    "token": ("--name", "a"),
}
pytestmark = pytest.mark.usefixtures("kept_logging")
ENDING = {name: arguments for name, arguments in COMMANDS.items() if name not in {"demo", "sandbox"}}


def test_ctrl_c_while_the_modules_are_imported_says_stopped(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")
    with linkweave("providers", modules=tmp_path) as running:
        assert (running.end(), running.output) == (130, "Stopped.\n")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(("command", "arguments"), COMMANDS.items(), ids=COMMANDS)
def test_ctrl_c_before_a_command_has_done_its_work_says_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.syspath_prepend(install_plugin(tmp_path, INTERRUPTED))
    result = run(command, *arguments)
    assert (result.exit_code, result.output) == (130, "Stopped.\n")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_the_gateway_with_a_line_of_its_log(tmp_path: Path, workers: str) -> None:
    path = tmp_path / "linkweave.toml"
    path.write_text(account_table("http://127.0.0.1:1", "tinycc"))
    with linkweave("serve", "--config", str(path), "--port", "0", "--workers", workers) as running:
        running.wait_for("Linkweave serves")
        assert running.stop_group(signal.SIGINT) == 0
    assert "Linkweave has stopped" in running.lines[-1]
    assert "Traceback" not in running.output


def test_ctrl_c_while_check_waits_for_a_vendor_says_stopped(tmp_path: Path) -> None:
    path = tmp_path / "linkweave.toml"
    with server.listen("127.0.0.1", 0) as silent:
        path.write_text(account_table(server.url(silent), "tinycc"))
        with linkweave("check", "--config", str(path)) as running, silent.accept()[0]:
            assert running.stop(signal.SIGINT) == 130
    assert running.output == "Stopped.\n"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of modules, with a plug-in that raises."""
    return install_plugin(tmp_path_factory.mktemp("modules"), RAISES)


@pytest.mark.parametrize(("command", "arguments"), ENDING.items(), ids=ENDING)
def test_a_plug_in_that_raises_is_told_in_one_line_by_every_command_which_then_does_its_work(
    broken: Path, monkeypatch: pytest.MonkeyPatch, command: str, arguments: tuple[str, ...]
) -> None:
    plain = run(command, *arguments)
    monkeypatch.syspath_prepend(broken)
    told = run(command, *arguments)
    assert told.exit_code == plain.exit_code
    assert told.stderr.startswith(WARNING)
    assert told.output.count("\n") == plain.output.count("\n") + 1
    # Each token is another one.
    assert command == "token" or (told.stderr.removeprefix(WARNING), told.stdout) == (plain.stderr, plain.stdout)


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_what_serves_does_so_despite_a_plug_in_that_raises_and_ctrl_c_ends_it_with_a_word_and_status_0(
    broken: Path, command: str
) -> None:
    ports = ("--port", "0", "--sandbox-port", "0") if command == "demo" else ("--port", "0")
    with linkweave(command, *ports, modules=broken) as running:
        running.wait_for("Stop with Ctrl")
        assert running.stop(signal.SIGINT) == 0
    assert running.output.count(WARNING) == 1
    assert running.output.endswith("Stop with Ctrl+C.\nStopped.\n")


def test_a_plug_in_without_its_emulator_is_left_out_of_the_sandbox_alone(tmp_path: Path) -> None:
    module = (
        "from dataclasses import replace\nfrom linkweave.providers.cuttly import PROVIDER as CUTTLY\n"
        "PROVIDER = replace(CUTTLY, id='bare', emulator='nowhere:create')\n"
    )
    with linkweave("sandbox", "--port", "0", modules=install_plugin(tmp_path, module)) as running:
        running.wait_for("/tinycc")
        assert running.stop(signal.SIGINT) == 0
    assert running.lines[0] == (
        "Warning: provider bare: emulator 'nowhere:create': No module named 'nowhere'; this provider is left out\n"
    )


def test_help_and_version_are_printed_whatever_is_installed(broken: Path) -> None:
    for option in ("--help", "--version"):
        with linkweave(option, modules=broken) as running:
            assert running.end() == 0
        assert "Traceback" not in running.output
