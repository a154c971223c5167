import io

import pytest
from rich.console import Console

from linkweave.cli.check import Finding
from linkweave.cli.tables import as_markdown, findings_table, matrix, show
from linkweave.models import Capability
from linkweave.providers.discovery import discover

ADVICE = "picsee-main: answered HTTP 401 (read usage): check this account's credentials"
FINDINGS = [
    Finding("images", "pic.li (Chevereto)", reachable=True, authenticated=True, seconds=0.0384),
    Finding("picsee-main", "PicSee", reachable=True, authenticated=False, seconds=1.2, missing=(ADVICE,)),
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
    assert findings_table(FINDINGS) == [
        ["account", "provider", "reachable", "authenticated", "latency", "missing"],
        ["images", "pic.li (Chevereto)", "yes", "yes", "38 ms", "-"],
        ["picsee-main", "PicSee", "yes", "no", "1200 ms", ADVICE],
    ]


def test_an_unknown_result_is_a_question_mark() -> None:
    (_, row) = findings_table([Finding("a", "A", None, None, 0, ("one", "two"))])
    assert row[2:] == ["?", "?", "0 ms", "one; two"]


def test_a_vendors_words_cannot_break_lines_or_move_the_cursor() -> None:
    problems = ("plan\tis\r\n\x1b[31mnot\x07 known",)
    (_, row) = findings_table([Finding("a", "A", reachable=True, authenticated=True, seconds=0, missing=problems)])
    assert row[5] == "plan is [31mnot known"


def test_in_a_pipe_rows_are_plain_lines_with_tabs() -> None:
    pipe = io.StringIO()
    show(findings_table(FINDINGS), Console(file=pipe, width=20, force_terminal=True))
    assert pipe.getvalue() == (
        "account\tprovider\treachable\tauthenticated\tlatency\tmissing\n"
        "images\tpic.li (Chevereto)\tyes\tyes\t38 ms\t-\n"
        f"picsee-main\tPicSee\tyes\tno\t1200 ms\t{ADVICE}\n"
    )


def test_rows_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    show([["name"], ["value"]])
    assert capsys.readouterr().out == "name\nvalue\n"


def test_in_a_wide_terminal_rows_are_a_table() -> None:
    lines = shown(findings_table(FINDINGS), 160).splitlines()
    assert words(lines[1]) == "account provider reachable authenticated latency missing"
    assert set(lines[2].strip()) == {"─"}
    assert words(lines[4]) == f"picsee-main PicSee yes no 1200 ms {ADVICE}"


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_in_a_narrow_terminal_each_row_is_a_paragraph_with_every_word_whole(width: int) -> None:
    text = shown(findings_table(FINDINGS), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert words(ADVICE) in words(text)
    assert words(text).startswith("images provider pic.li (Chevereto) reachable yes authenticated yes latency 38 ms")


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


def test_the_matrix_fits_a_terminal_of_80_columns() -> None:
    assert words(shown(matrix(discover()), 80)).startswith("capability chevereto cuttly picsee shortenworld tinycc ─")


def test_markdown_has_a_rule_below_the_header() -> None:
    assert as_markdown([["a", "b"], ["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
