"""The limits count fragments at their spreads, and documents of real tools are within them."""

from pathlib import Path

import pytest
from graphql import get_introspection_query, parse

from harness.served_documents import extensions, served
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.schema.limits.structure_limits import check_structure
from linkweave.schema.limits.text_limits import check_text
from linkweave.settings import LimitSettings

EXAMPLES = sorted((Path(__file__).parents[3] / "frontend/graphiql/src/examples").glob("*.graphql"))
INTROSPECTION = get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True)


def over(text: str, **limits: int) -> dict[str, int]:
    """The limits that a document is over, with its own figures."""
    errors = check_structure(parse(text), LimitSettings(**limits))
    return {extensions(error)["limit"]["name"]: extensions(error)["limit"]["value"] for error in errors}


def places(text: str, **limits: int) -> list[str]:
    """The lines at which a refusal points, from its column on."""
    (error,) = check_structure(parse(text), LimitSettings(**limits))
    return [text.splitlines()[at.line - 1][at.column - 1 :] for at in error.locations or ()]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_of_graphiql_are_within_all_limits(path: Path) -> None:
    assert not served()(path.read_text()).errors


def test_the_introspection_of_every_tool_is_within_all_limits() -> None:
    assert not served()(INTROSPECTION).errors


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("{ a { b { c } } }", {"depth": 2}, {"depth": 3}),
        ("{ a { b { c } } }", {"depth": 3}, {}),
        ("{ ...F } fragment F on A { a { ...G } } fragment G on B { b { c } }", {"depth": 2}, {"depth": 3}),
        ("{ a { ... { ... { b } } } }", {"depth": 1}, {"depth": 2}),
        ("{ a { ... { ... { b } } } }", {"nesting": 3, "depth": 2}, {"nesting": 4}),
        ("{ a { ...F } } fragment F on A { b { ...G } } fragment G on B { c }", {"nesting": 4}, {"nesting": 5}),
        ("{ __schema { a { b { c } } } }", {"depth": 1, "introspection_depth": 3}, {"introspection_depth": 4}),
        ("{ __type { a { ...F } } } fragment F on T { b c }", {"introspection_depth": 2}, {"introspection_depth": 3}),
        ("{ ...F } fragment F on Q { __type { a } }", {"introspection_depth": 1}, {"introspection_depth": 2}),
        ("{ __type { ...F } } fragment F on __Type { a { b } }", {"depth": 1, "introspection_depth": 3}, {}),
        ("{ __type { ...F } } fragment F on __T { a { b } }", {"introspection_depth": 2}, {"introspection_depth": 3}),
        ("{ a } fragment F on __A { b { ...G } } fragment G on __B { c { d } }", {"introspection_depth": 2, "depth": 1},
         {"introspection_depth": 3}),
        ("{ a { __typename __type { b } } }", {"introspection_depth": 2, "depth": 2}, {}),
        ("{ a b } query B { c }", {"selections": 1}, {"selections": 2}),
        ("{ ...F ...F } fragment F on A { a b c }", {"selections": 7}, {"selections": 8}),
        ("{ x: a y: b { z: c } }", {"aliases": 2}, {"aliases": 3}),
        ("{ a { ...F } b { ...F } } fragment F on A { x: c }", {"aliases": 1}, {"aliases": 2}),
        ("query @a { b @c @d ... @e { f } ...F @g } fragment F on A @h { i @j }", {"directives": 6}, {"directives": 7}),
        ("{ a b ...F ... { c { x y z } } } fragment F on Q { d e }", {"root_fields": 4}, {"root_fields": 5}),
        ("{ a { ...F } } fragment F on Q { d e }", {"root_fields": 1}, {}),
        ("{ a a a }", {"repeats": 2}, {"repeats": 3}),
        ("{ a b: a c: a }", {"repeats": 1}, {}),
        ("{ x: a x: a }", {"repeats": 1}, {"repeats": 2}),
        ("{ a { b } a { b } ...F } fragment F on Q { a { c b } }", {"repeats": 2}, {"repeats": 3}),
        ("{ a } fragment F on Q { a a }", {"repeats": 1}, {"repeats": 2}),
        ("query A { a } query B { a }", {"operations": 1}, {"operations": 2}),
        ("{ ...A ...B } fragment A on Q { a } fragment B on Q { b }", {"fragments": 1}, {"fragments": 2}),
        ("query ($a: Int, $b: Int) { c(a: $a, b: $b) }", {"variables": 1}, {"variables": 2}),
        ("query A($a: Int) { a(a: $a) } query B($a: Int) { a(a: $a) }", {"variables": 1}, {}),
        ("{ x: a y: b { c { d } } }", {"aliases": 1, "depth": 2}, {"aliases": 2, "depth": 3}),
        ("{ ...Missing }", {"depth": 1}, {}),
    ],
)  # fmt: skip
def test_a_limit_counts(text: str, limits: dict[str, int], expected: dict[str, int]) -> None:
    assert over(text, **limits) == expected


@pytest.mark.parametrize(
    ("text", "limits", "place"),
    [
        ("{ a { b { c } } }", {"depth": 2}, "c } } }"),
        ("{ ...F }\nfragment F on A { a { b } }", {"depth": 1}, "...F }"),
        ("query A { a }\nquery B { a }", {"operations": 1}, "query B { a }"),
        ("{ a }\nfragment A on Q { a }\nfragment B on Q { b }", {"fragments": 1}, "fragment B on Q { b }"),
        ("query ($a: Int,\n$b: Int) { c }", {"variables": 1}, "$b: Int) { c }"),
        ("query A { a }\nquery B { a b }", {"selections": 1}, "query B { a b }"),
        ("{ a a\na }", {"repeats": 2}, "a }"),
    ],
)
def test_a_limit_error_points_at_the_first_node_over_the_limit(text: str, limits: dict[str, int], place: str) -> None:
    assert places(text, **limits) == [place]


@pytest.mark.parametrize(
    ("text", "limits", "limit", "position"),
    [
        ("{ abc }", {"characters": 7}, None, None),
        ("{ abc } ", {"characters": 7}, "characters", None),
        ("{ a(b: 1.5) ...C }", {"tokens": 9}, "tokens", (1, 18)),
        ("{ a(b: 1.5) ...C }", {"tokens": 10}, None, None),
        ('{ a(b: "{[( \\" }") }', {"tokens": 8, "nesting": 2}, None, None),
        ('{ a(b: """{[( \\""" " "" } \\ """) }', {"tokens": 8, "nesting": 2}, None, None),
        ("{ # {[(\n a }", {"tokens": 4, "nesting": 1}, None, None),
        ("{ a\n{ b } }", {"nesting": 1}, "nesting", (2, 1)),
        ("{ a(b: [1]) { c } }", {"nesting": 3}, None, None),
        ("{ a(b: [{c: 1}]) { c } }", {"nesting": 3}, "nesting", (1, 9)),
    ],
)
def test_a_text_limit_is_checked_before_the_parser(
    text: str, limits: dict[str, int], limit: str | None, position: tuple[int, int] | None
) -> None:
    error = check_text(text, LimitSettings(**limits))
    assert (None if error is None else extensions(error)["limit"]["name"]) == limit
    assert (None if error is None or not error.locations else tuple(error.locations[0])) == position


HIDDEN = [INTROSPECTION, '{ __type(name: "Link") { name } }', "{ ... { __schema { description } } }"]


@pytest.mark.parametrize("text", HIDDEN)
def test_without_introspection_the_schema_is_not_readable(text: str) -> None:
    error, *_ = served(DocumentPolicy(introspection=False))(text).errors
    assert "introspection has been disabled" in error.message
    assert error.extensions == {"code": "INVALID_INPUT"}


def test_without_introspection_typename_still_works() -> None:
    assert not served(DocumentPolicy(introspection=False))("{ __typename accounts { __typename key } }").errors


@pytest.mark.parametrize("text", ["{ acounts { key } }", "{ tags(frst: 1) { nodes { id } } }", "{ a: acount { key } }"])
def test_without_suggestions_an_error_names_no_other_field(text: str) -> None:
    told, hidden = (served(DocumentPolicy(suggestions=each))(text).errors for each in (True, False))
    assert "Did you mean" in told[0].message
    assert [error.message for error in hidden] == [error.message.partition(" Did you mean")[0] for error in told]
