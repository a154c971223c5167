import click
import pytest

from linkweave.cli.import_links.short_urls import read_short_urls

A, B = "https://cutt.ly/a", "https://cutt.ly/b"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{A}\n{B}\n", [A, B]),
        (f"# mine\n\n  {A} \ncutt.ly/b\n{A}\n", [A, B]),
        (f"{A}\nnonsense\n", [A, "nonsense"]),
        (f"Title,Short URL,Long URL\nx,{A},https://example.com/\ny,cutt.ly/b,https://example.com/\n", [A, B]),
        (f"destination,short_url\nhttps://example.com/,{A}\n", [A]),
        (f'name,clicks,address\n"a, b",3,{A}\nc\n', [A]),
        (f"{A},https://example.com/\n{B},https://example.com/\n", [A, B]),
        ("Short URL\n", []),
        ("", []),
    ],
)
def test_short_urls_are_found_in_lists_and_in_exports(text: str, found: list[str]) -> None:
    assert read_short_urls(text.splitlines(keepends=True)) == found


def test_the_column_can_be_named() -> None:
    lines = [f"url,mine\n{B},{A}\n"]
    assert read_short_urls("".join(lines).splitlines(), "mine") == [A]
    with pytest.raises(click.BadParameter, match="'yours' is no column; there are: url, mine"):
        read_short_urls("".join(lines).splitlines(), "yours")


def test_a_file_that_is_no_csv_is_refused() -> None:
    with pytest.raises(click.ClickException, match="not a list of short URLs"):
        read_short_urls(['"' + "x" * 200_000 + '"\n'])
