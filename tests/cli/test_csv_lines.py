import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.cli.csv_lines import csv_line

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", '=cmd|" /C calc"!A1']


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(formula: str) -> None:
    (cell,) = next(csv.reader(StringIO(csv_line([formula]), newline=""), strict=True))
    assert cell == f"'{formula}"


def test_numbers_and_nothing_stay_what_they_are() -> None:
    assert csv_line([-1, 2.5, None, "a,b"]) == '-1,2.5,,"a,b"\n'


PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


@given(st.lists(PLAIN.filter(lambda text: text[0].isalnum()), min_size=1))
def test_any_other_text_reads_back_unchanged(cells: list[str]) -> None:
    assert next(csv.reader(StringIO(csv_line(cells), newline=""), strict=True)) == cells
