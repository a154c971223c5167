from typing import Any

import click
import pytest

from linkweave.cli.query.rows import rows_of

LINKS: dict[str, Any] = {
    "links": {
        "sources": [{"status": "OK"}],
        "nodes": [
            {"slug": "a", "clicks": 1, "account": {"key": "x"}, "tags": [{"name": "s"}, {"name": "t"}]},
            {"slug": "b", "starred": True, "account": {"key": "y"}, "tags": []},
        ],
        "totalCount": 2,
    }
}


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (
            LINKS,
            [
                ["slug", "clicks", "account.key", "tags", "starred"],
                ["a", 1, "x", "s, t", None],
                ["b", None, "y", "", "true"],
            ],
        ),
        ({"accounts": [{"key": "x"}], "links": LINKS["links"]}, [["key"], ["x"]]),
        ({"stats": {"clicks": 3, "series": ["a", 1]}}, [["stats.clicks", "stats.series"], [3, "a, 1"]]),
        ({"list": [{"points": [{"day": "d", "clicks": 1}]}]}, [["points"], ['[{"day":"d","clicks":1}]']]),
        ({"links": {"nodes": [], "sources": [{"status": "OK"}]}}, []),
        ({"link": None}, [["link"], [None]]),
    ],
)
def test_the_rows_are_the_objects_of_the_outermost_list(data: Any, rows: list[list[Any]]) -> None:
    assert rows_of(data) == rows


def test_another_list_is_chosen_by_its_path() -> None:
    assert rows_of(LINKS, "links.sources") == [["status"], ["OK"]]


@pytest.mark.parametrize("path", ["links", "links.nodes.slug", "nowhere"])
def test_a_path_to_no_list_is_refused_with_the_lists_that_there_are(path: str) -> None:
    with pytest.raises(click.BadParameter, match=r"its lists are: links\.nodes, links\.sources"):
        rows_of(LINKS, path)
