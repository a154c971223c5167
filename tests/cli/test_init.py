"""`linkweave init` asks, writes a file that can be used, and checks it: in a terminal, in a pipe, without questions."""

import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.linkweave_process import linkweave
from linkweave.cli.commands import main
from linkweave.providers.discovery import discover
from linkweave.settings import load

pytestmark = pytest.mark.usefixtures("kept_logging")

TOKEN = "token-nobody-may-see"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The URL of a sandbox."""
    with linkweave("sandbox", "--port", "0") as running:
        yield running.wait_for(r"(http://\S+)/_sandbox/calls")[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "linkweave.toml"


def init(file: Path, *arguments: str, answers: str = "", environment: dict[str, str] | None = None) -> Result:
    command = ["init", "--config", str(file), *arguments]
    return CliRunner().invoke(main, command, input=answers, env=environment or {})


def folder_of(file: Path) -> list[str]:
    return [each.name for each in file.parent.iterdir()]


def test_the_answers_in_a_pipe_become_a_file_that_only_its_owner_can_read(file: Path) -> None:
    answers = "picsee\nmarketing\nMARKETING_TOKEN\nadvanced\ny\ntinycc\n\njohn\n\nn\n9400\n"
    result = init(file, answers=answers)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{file} is written; only you can read it.\n"
        "Set MARKETING_TOKEN, TINYCC_API_KEY in the environment. Then:\n"
        f"  linkweave check --config {file}\n  linkweave serve --config {file}\n"
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert folder_of(file) == [file.name]
    settings = load(file, {"MARKETING_TOKEN": "a", "TINYCC_API_KEY": "b"})
    assert settings.server.port == 9400
    assert settings.accounts == (
        {"key": "marketing", "provider": "picsee", "token": "a", "plan": "advanced"},
        {"key": "tinycc", "provider": "tinycc", "username": "john", "api_key": "b"},
    )


def test_a_wrong_answer_is_asked_again_with_what_is_allowed(file: Path) -> None:
    answers = f"pics.ee\npicsee\nMy Key\nmain\n{TOKEN}\n\nbasik\nbasic\nn\n99999\n8000\n"
    result = init(file, answers=answers)
    assert result.exit_code == 0
    for words in (
        "there is no such provider; allowed: bitly, ",
        "did you mean 'picsee'?",
        "must be lower-case letters",
        "do not enter the credential itself",
        "did you mean 'basic'?",
        "99999 is not in the range",
    ):
        assert words in result.stderr
    assert load(file, {"MAIN_TOKEN": "a"}).accounts[0]["key"] == "main"


def test_the_new_configuration_has_a_catalog_in_a_file_of_the_same_name(file: Path) -> None:
    init(file, "--provider", "tinycc", "--no-input")
    url = load(file, {"TINYCC_USERNAME": "a", "TINYCC_API_KEY": "b"}).catalog.url
    assert url is not None
    assert url.get_secret_value() == "sqlite:///linkweave.db"


def test_of_several_logins_one_is_asked_for(file: Path) -> None:
    answers = "yourls\n\nhttps://short.example\n-\nadmin\n\nn\n\n"
    assert init(file, answers=answers).exit_code == 0
    (table,) = load(file, {"YOURLS_PASSWORD": "p"}).accounts
    assert table == {
        "key": "yourls",
        "provider": "yourls",
        "base_url": "https://short.example",
        "username": "admin",
        "password": "p",
    }


@pytest.mark.parametrize(
    ("provider", "questions"),
    {
        "bitly": ("token", "plan"),
        "dub": ("token", "plan"),
        "kutt": ("base_url", "api_key"),
        "rebrandly": ("api_key",),
        "shlink": ("base_url", "api_key"),
        "shortio": ("api_key",),
        "tinyurl": ("token",),
        "yourls": ("base_url", "signature"),
    }.items(),
)
def test_what_a_provider_needs_is_asked_for_after_words_on_where_it_is(
    file: Path, provider: str, questions: tuple[str, ...]
) -> None:
    given = ["https://short.example" if question == "base_url" else "" for question in questions]
    result = init(file, answers="\n".join([provider, "", *given, "n", "", ""]))
    record = discover()[provider]
    start, _, asked = result.stderr.partition(f"{record.name} needs {record.credentials_from}. Its documentation: ")
    assert (result.exit_code, "Its" in start) == (0, False)
    assert [word for word in re.findall(r"\b[iI]ts ([a-z_]+)\b", asked) if word != "key"] == list(questions)
    assert file.read_text().count(f"# Needs {record.credentials_from}.\n[[accounts]]\n") == 1
    names = re.findall(r"\$\{(\w+)\}", file.read_text())
    (table,) = load(file, dict.fromkeys(names, "x")).accounts
    assert {*questions} <= table.keys()


@pytest.mark.parametrize("provider", discover())
def test_without_questions_every_provider_gets_a_table_that_can_be_used(file: Path, provider: str) -> None:
    result = init(file, "--provider", provider, "--provider", provider, "--no-input", "--port", "0")
    assert result.exit_code == 0
    names = result.stdout.splitlines()[1].removeprefix("Set ").removesuffix(" in the environment. Then:").split(", ")
    values = {name: "https://short.example" if name.endswith("URL") else "x" for name in names}
    checked = CliRunner().invoke(main, ["serve", "--config", str(file), "--host", "203.0.113.1"], env=values)
    assert [line.split(": ")[2] for line in checked.stderr.splitlines()] == ["server.host"]
    assert [table["key"] for table in load(file, values).accounts] == [provider, f"{provider}-2"]


def test_the_new_accounts_are_checked_if_their_credentials_are_there(file: Path, sandbox: str) -> None:
    environment = {
        "YOURLS_BASE_URL": f"{sandbox}/yourls",
        "YOURLS_SIGNATURE": str(discover()["yourls"].sandbox_accounts[0].options["signature"]),
    }
    options = ("--provider", "yourls", "--no-input")
    works = init(file, *options, environment=environment)
    assert (works.exit_code, works.stderr) == (0, "works: 2 of 2\n")
    assert works.stdout.endswith(f"Next:\n  linkweave check --config {file}\n  linkweave serve --config {file}\n")
    refused = init(file, *options, "--overwrite", environment={**environment, "YOURLS_SIGNATURE": TOKEN})
    assert (refused.exit_code, refused.stderr) == (1, "works: 1 of 2; cannot be used: 1 of 2 (yourls)\n")
    assert TOKEN not in refused.output + file.read_text()
    unchecked = init(file, *options, "--overwrite", "--no-check", environment={**environment, "YOURLS_SIGNATURE": "x"})
    assert (unchecked.exit_code, unchecked.stderr) == (0, "")


@pytest.mark.parametrize(("answers", "replaced"), [("n\n", False), ("\n", False), ("y\ncuttly\n\n\n\nn\n\n", True)])
def test_a_file_is_replaced_only_after_a_yes(file: Path, answers: str, replaced: bool) -> None:
    file.write_text("# mine\n")
    result = init(file, answers=answers)
    assert (result.exit_code == 0) == replaced
    assert (file.read_text() != "# mine\n") == replaced
    assert f"{file} exists. Replace it? [y/N]" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--provider", "picsee"), "exists; name another file with --config, or allow it with --overwrite"),
        (("--overwrite",), "name at least one --provider: bitly, "),
        (("--overwrite", "--provider", "picse"), "did you mean 'picsee'?"),
    ],
)
def test_without_questions_what_is_missing_is_an_error(file: Path, arguments: tuple[str, ...], message: str) -> None:
    file.write_text("# mine\n")
    result = init(file, "--no-input", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert file.read_text() == "# mine\n"


def test_an_input_that_ends_early_leaves_nothing(file: Path) -> None:
    result = init(file, answers="picsee\n")
    assert result.exit_code == 1
    assert result.stderr.endswith("Nothing was written.\nThe input ended before the last question.\n")
    assert folder_of(file) == []


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    result = init(tmp_path / "nowhere" / "linkweave.toml", "--provider", "cuttly", "--no-input")
    assert result.exit_code == 1
    assert result.stderr.endswith("linkweave.toml cannot be written: No such file or directory\n")


class Terminal:
    """`linkweave init` in a terminal, which shows what a person would see."""

    def __init__(self, file: Path) -> None:
        self.end, other = pty.openpty()
        command = [str(Path(sys.executable).with_name("linkweave")), "init", "--config", str(file)]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=other, stdout=other, stderr=other, start_new_session=True
        )
        os.close(other)
        self.seen = ""

    def wait_for(self, text: str) -> None:
        while text not in self.seen:
            readable, _, _ = select.select([self.end], [], [], 60)
            assert readable, f"not shown: {text!r}. Shown: {self.seen!r}"
            self.seen += os.read(self.end, 1000).decode()

    def answer(self, question: str, answer: str) -> None:
        self.wait_for(question)
        self.seen = ""
        os.write(self.end, f"{answer}\n".encode())

    def interrupt(self) -> int:
        """Presses Ctrl+C, and again if it came between the question and the wait for its answer. Returns the status."""
        for _ in range(6):
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(10)
        raise AssertionError("does not end")


@pytest.fixture
def terminal(file: Path) -> Iterator[Terminal]:
    terminal = Terminal(file)
    yield terminal
    terminal.process.kill()
    terminal.process.wait()
    os.close(terminal.end)


def test_in_a_terminal_the_defaults_are_shown_and_enter_takes_them(file: Path, terminal: Terminal) -> None:
    terminal.answer("Provider (bitly, ", "cuttly")
    terminal.answer("queries name it [cuttly]:", "")
    terminal.answer("its api_key [CUTTLY_API_KEY]:", "")
    terminal.answer("Its plan (team, team-enterprise) [team]:", "")
    terminal.answer("Another account? [y/N]:", "")
    terminal.answer("port [8000]:", "")
    terminal.wait_for("linkweave serve --config")
    assert terminal.process.wait() == 0
    assert load(file, {"CUTTLY_API_KEY": "k"}).accounts == (
        {"key": "cuttly", "provider": "cuttly", "api_key": "k", "plan": "team"},
    )


def test_ctrl_c_in_a_terminal_leaves_nothing_and_says_stopped(file: Path, terminal: Terminal) -> None:
    terminal.answer("Provider (bitly, ", "cuttly")
    terminal.wait_for("queries name it [cuttly]:")
    assert terminal.interrupt() == 130
    terminal.wait_for("Stopped.")
    assert "Nothing was written." in terminal.seen
    assert "Traceback" not in terminal.seen
    assert folder_of(file) == []
