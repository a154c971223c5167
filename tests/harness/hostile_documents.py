"""Documents with which an attacker would keep a server busy."""

from collections.abc import Callable
from typing import Final


def doubling(times: int, step: Callable[[str], str], end: str, kind: str) -> str:
    """A chain of fragments each of which spreads the next one twice."""
    links = [f"fragment F{i} on {kind} {{ {step(f'...F{i + 1}')} }}" for i in range(times)]
    return "\n".join(["{ ...F0 }" if kind == "Query" else "{ links { nodes { ...F0 } } }", *links, end])


def _twice(spread: str) -> str:
    return f"{spread} {spread}"


def _in_two_fields(spread: str) -> str:
    return f"a: account {{ links {{ nodes {{ {spread} }} }} }} b: account {{ links {{ nodes {{ {spread} }} }} }}"


# The limit that each is over; None where there is another reason.
HOSTILE: Final[dict[str, tuple[str, str | None]]] = {
    "fragments that double 90 times": (
        doubling(90, _twice, "fragment F90 on Query { __typename }", "Query"),
        "nesting",
    ),
    "fragments that double 40 times": (
        doubling(40, _twice, "fragment F40 on Query { __typename }", "Query"),
        "selections",
    ),
    "fragments that double with nothing in them": (
        doubling(40, _twice, "fragment F40 on Query { }", "Query"),
        "selections",
    ),
    "fields that double 90 times": (doubling(90, _in_two_fields, "fragment F90 on Link { id }", "Link"), "nesting"),
    "fields that double 5 times": (doubling(5, _in_two_fields, "fragment F5 on Link { id }", "Link"), "depth"),
    "10,000 aliases": ("{" + " ".join(f"a{i}:__typename" for i in range(10_000)) + "}", "characters"),
    "10,000 short aliases": ("{" + " ".join(f"a{i}:x" for i in range(10_000)) + "}", "tokens"),
    "51 aliases": ("{ links { nodes { " + " ".join(f"a{i}: id" for i in range(51)) + " } } }", "aliases"),
    "20,000 duplicate fields": ("{" + " id" * 20_000 + "}", "tokens"),
    "4,900 duplicate fields": ("{" + " __typename" * 4_900 + "}", "selections"),
    "1,400 duplicate fields": ("{ links { nodes { " + "id " * 1_400 + "} } }", "repeats"),
    "duplicates in duplicates": ("{ links { nodes { " + "account { key key key } " * 20 + "} } }", "repeats"),
    "duplicates in fragments": (
        "{ links { nodes { " + "...F " * 16 + "} } } fragment F on Link { id ... { id } }",
        "repeats",
    ),
    "duplicates in a fragment that nobody spreads": (
        "{ __typename } fragment F on Link { " + "id " * 1_400 + "}",
        "repeats",
    ),
    "fragments that nobody spreads": (
        "{ __typename } fragment G on Link { "
        + "id " * 20
        + "}"
        + "".join(f" fragment F{i} on Link {{ ...G }}" for i in range(90)),
        "selections",
    ),
    "21 fields at the root": ("{" + " __typename" * 21 + "}", "root_fields"),
    "5,000 fields in each other": ("{a" * 5_000 + "}" * 5_000, "nesting"),
    "5,000 lists in each other": ("{a(x:" + "[" * 5_000 + "]" * 5_000 + ")}", "nesting"),
    "5,000 objects in each other": ("{a(x:" + "{a:" * 5_000 + "}" * 5_000 + ")}", "nesting"),
    "5,000 brackets that are never closed": ("{" * 5_000, "nesting"),
    "a type of 5,000 lists": ("query($a:" + "[" * 5_000 + "Int" + "]" * 5_000 + "){a}", "nesting"),
    "fragments without fields in each other": ("{" + "...{" * 60 + "__typename" + "}" * 61, "nesting"),
    "fragments of fragments without fields": (
        doubling(45, lambda spread: f"... {{ {spread} }}", "fragment F45 on Query { __typename }", "Query"),
        "nesting",
    ),
    "16 fields in each other": ("{a" * 16 + "}" * 16, "depth"),
    "a circle of fragments": ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", None),
    "a fragment in itself": ("{ ...A } fragment A on Query { __typename ...A }", None),
    "a circle that nobody enters": ("{ __typename } fragment A on Query { accounts { key } ...A }", None),
    "a string of 5,000,000 characters": ('{ link(id: "' + "a" * 5_000_000 + '") { id } }', "characters"),
    "a string that never ends": ('{ link(id: "' + '\\"' * 40_000, None),
    "a block string that never ends": ('{ link(id: """' + '\\"""' * 20_000, None),
    "4,900 strings": ("{ nodes(ids: [" + '"a" ' * 6_000 + "]) { id } }", "tokens"),
    "20,000 comments": ("#\n" * 20_000 + "{ __typename }", "tokens"),
    "deep introspection": (
        "{ __schema { types {" + "fields{type{" * 11 + "name" + "}}" * 11 + "} } }",
        "introspection_depth",
    ),
    "deep introspection of types": (
        "{ __schema { types {" + "ofType{" * 30 + "name" + "}" * 30 + "} } }",
        "introspection_depth",
    ),
    "10,000 directives": ("{ __typename" + " @a" * 10_000 + "}", "tokens"),
    "introspection of lists in lists": (
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        None,
    ),
    "2,000 directives": ("{ __typename" + " @a" * 2_000 + "}", "directives"),
    "directives on fragments": ("{ ..." + " @skip(if: false)" * 51 + " { __typename } }", "directives"),
    "directives on the operation": ("query" + " @a" * 51 + " { __typename }", "directives"),
    "1,000 operations": ("\n".join(f"query A{i} {{ __typename }}" for i in range(900)), "operations"),
    "1,000 variables": ("query(" + " ".join(f"$v{i}:Int" for i in range(1_000)) + "){ __typename }", "variables"),
    "1,000 fragments": (
        "{ __typename }" + "".join(f" fragment F{i} on Query {{ a }}" for i in range(700)),
        "fragments",
    ),
    "1,400 fields that are unknown": (
        "{ links { nodes { " + " ".join(f"linkz{i}" for i in range(1_400)) + " } } }",
        None,
    ),
    "a name of 90,000 characters": ("{" + "a" * 90_000 + "}", None),
}
