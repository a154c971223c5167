"""`linkweave query` over a configuration. Its operations make no call to a vendor."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.linkweave_process import account_table
from linkweave.cli.commands import main

ACCOUNTS = "query Accounts { accounts { key provider { name } } }"

pytestmark = pytest.mark.usefixtures("kept_logging")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with clients and trusted documents, which bind callers and not the operator."""
    path = tmp_path / "linkweave.toml"
    (tmp_path / "documents.json").write_text(json.dumps({"known": "{ providers { name } }"}))
    path.write_text(
        '[server]\nhost = "0.0.0.0"\n[documents]\ntrusted_only = true\nmanifest = "documents.json"\n'
        + account_table("http://127.0.0.1:9", "tinycc")
        + f'[[clients]]\nname = "page"\ntoken_sha256 = "{"0" * 64}"\naccounts = ["tinycc"]\n'
    )
    return path


def run(*arguments: object, document: str = ACCOUNTS) -> Result:
    return CliRunner().invoke(main, ["query", *map(str, arguments)], input=document)


def test_an_operation_of_standard_input_is_answered_as_json(config: Path) -> None:
    done = run("--config", config)
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"data": {"accounts": [{"key": "tinycc", "provider": {"name": "tiny.cc"}}]}}


@pytest.mark.parametrize(("form", "separator"), [("table", "\t"), ("csv", ",")])
def test_a_list_is_printed_as_rows(config: Path, tmp_path: Path, form: str, separator: str) -> None:
    file = tmp_path / "accounts.graphql"
    file.write_text(ACCOUNTS)
    done = run(file, "--config", config, "--format", form)
    assert done.stdout == f"key{separator}provider.name\ntinycc{separator}tiny.cc\n"


def test_variables_and_the_operation_are_chosen(config: Path, tmp_path: Path) -> None:
    variables = tmp_path / "variables.json"
    variables.write_text('{"yes": true}')
    document = "query A($yes: Boolean!) { accounts @include(if: $yes) { key } } query B { providers { name } }"
    for given in (variables.read_text(), f"@{variables}"):
        done = run("--config", config, "--variables", given, "--operation", "A", "--format", "csv", document=document)
        assert done.stdout == "key\ntinycc\n"


@pytest.mark.parametrize("form", ["json", "table", "csv"])
def test_an_answer_with_errors_ends_with_status_1(config: Path, form: str) -> None:
    done = run("--config", config, "--format", form, document='{ link(shortUrl: "https://x.example") { slug } }')
    assert done.exit_code == 1
    if form == "json":
        assert json.loads(done.stdout)["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    else:
        assert done.stderr.startswith("link: shortUrl: must be a short URL")
        assert done.stderr.endswith("(INVALID_INPUT)\n")


def test_the_errors_of_a_refused_document_have_no_rows_beside_them(config: Path) -> None:
    done = run("--config", config, "--format", "csv", document="{ accounts { keys } }")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Cannot query field 'keys' on type 'Account'. Did you mean 'key'?" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "Name a running gateway with --url, or with --config a configuration"),
        (("--url", "http://127.0.0.1:1", "--config", "here.toml"), "Name a running gateway with --url"),
        (("--url", "127.0.0.1:8000"), "'127.0.0.1:8000' is not the address of a gateway"),
        (("--url", "http://127.0.0.1:port"), "is not the address of a gateway"),
        (("--url", "http://127.0.0.1:1"), "the gateway at http://127.0.0.1:1/graphql cannot be reached"),
        (("--config", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("--variables", "[1]"), "must be an object"),
        (("--variables", "{"), "'--variables': not JSON"),
        (("--variables", "@nowhere.json"), "nowhere.json: No such file"),
    ],
)
def test_a_wrong_option_is_refused_with_its_reason(options: tuple[str, ...], message: str) -> None:
    done = run(*options)
    assert done.exit_code != 0
    assert message in done.stderr
    assert done.stdout == ""
