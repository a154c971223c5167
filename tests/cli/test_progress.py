from io import StringIO

import pytest
from rich.console import Console

from linkweave.cli.progress import progress


def test_a_pipe_gets_the_first_and_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("links copied") as show:
        for done in (0, 0, 1, 2, 3, 3):
            show(done, 3)
    assert capsys.readouterr().err == "0 of 3 links copied\n3 of 3 links copied\n"


def test_a_total_that_is_not_known_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("links written") as show:
        show(7, None)
    assert capsys.readouterr().err == "7 links written\n"


def test_a_terminal_gets_a_bar() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with progress("links copied", console) as show:
        show(2, 4)
    assert isinstance(console.file, StringIO)
    assert "2/4" in console.file.getvalue()
    assert "links copied" in console.file.getvalue()
