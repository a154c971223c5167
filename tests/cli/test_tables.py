import io

import pytest
from rich.console import Console

from linkweave.cli.check import Finding
from linkweave.cli.tables import as_markdown, findings_table, matrix, show
from linkweave.errors import ErrorCode
from linkweave.models import Capability
from linkweave.providers.discovery import discover

REASON = "picsee-main: answered HTTP 401 (read usage)"
ASKED = "one call with this account's credentials"
MEANING = f"The vendor does not accept the credentials. Reason: {REASON}."
FINDINGS = [
    Finding(
        "images", "pic.li (Chevereto)", reachable=True, authenticated=True, seconds=0.0384, address="https://pic.li"
    ),
    Finding(
        "picsee-main",
        "PicSee",
        reachable=True,
        authenticated=False,
        seconds=1.2,
        failure=ErrorCode.UNAUTHENTICATED,
        address="https://api.pics.ee",
        reason=REASON,
        credentials=("token",),
    ),
]
HEADER = ["account", "verdict", "asked", "answer", "meaning", "to do"]
ROWS = [
    [
        *("images", "works", f"pic.li (Chevereto) at https://pic.li: {ASKED}", "accepted after 38 ms"),
        *("The vendor accepts the credentials.", "nothing"),
    ],
    [
        *("picsee-main", "cannot be used", f"PicSee at https://api.pics.ee: {ASKED}", "refused after 1200 ms"),
        *(MEANING, "Correct `token` of this account."),
    ],
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(rows: list[list[str]], width: int) -> str:
    terminal = Terminal()
    show(rows, Console(file=terminal, width=width, color_system=None))
    return terminal.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


def test_findings_are_words_and_whole_milliseconds() -> None:
    assert findings_table(FINDINGS) == [HEADER, *ROWS]


def test_a_vendors_words_cannot_break_lines_or_move_the_cursor() -> None:
    problems = ("plan\tis\r\n\x1b[31mnot\x07 known",)
    (_, row) = findings_table([Finding("a", "A", reachable=True, authenticated=True, seconds=0, missing=problems)])
    assert row[4] == "The vendor accepts the credentials. But: plan is [31mnot known."


def test_in_a_pipe_rows_are_plain_lines_with_tabs() -> None:
    pipe = io.StringIO()
    show(findings_table(FINDINGS), Console(file=pipe, width=20, force_terminal=True))
    assert pipe.getvalue() == "".join("\t".join(row) + "\n" for row in [HEADER, *ROWS])


def test_rows_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    show([["name"], ["value"]])
    assert capsys.readouterr().out == "name\nvalue\n"


def test_in_a_wide_terminal_rows_are_a_table() -> None:
    lines = shown(findings_table(FINDINGS), 320).splitlines()
    assert words(lines[1]) == " ".join(HEADER)
    assert set(lines[2].strip()) == {"─"}
    assert words(lines[4]) == " ".join(ROWS[1])


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_in_a_narrow_terminal_each_row_is_a_paragraph_with_every_word_whole(width: int) -> None:
    text = shown(findings_table(FINDINGS), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert words(MEANING) in words(text)
    assert words(text).startswith("images verdict works asked pic.li (Chevereto) at https://pic.li: one call with")


def test_a_word_longer_than_its_line_is_folded_and_not_cut() -> None:
    rows = [["account", "missing"], ["a", "x" * 50]]
    assert shown(rows, 24).count("x") == 50


def test_cells_are_not_markup() -> None:
    assert "[bold]accounts[0][/nothing]" in shown([["name"], ["[bold]accounts[0][/nothing]"]], 80)


def test_the_matrix_has_a_row_per_capability_and_a_column_per_provider() -> None:
    header, *rows = matrix(discover())
    assert header == ["capability", *discover()]
    assert [row[0] for row in rows] == [capability.value for capability in Capability]


def test_the_matrix_has_the_capabilities_of_the_adapters() -> None:
    header, *rows = matrix(discover())
    cells = {(row[0], name): cell for row in rows for name, cell in zip(header[1:], row[1:], strict=True)}
    assert cells["GET_LINK", "cuttly"] == "yes"
    assert cells["LIST_LINKS", "cuttly"] == "-"
    assert cells["LIST_WEBHOOKS", "tinycc"] == "yes"


def test_the_matrix_is_one_table_in_a_wide_terminal() -> None:
    assert words(shown(matrix(discover()), 240)).startswith(f"capability {' '.join(discover())} ─")


def test_markdown_has_a_rule_below_the_header() -> None:
    assert as_markdown([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
