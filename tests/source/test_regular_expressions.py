"""Every regular expression of src/ takes linear work at most, whatever the text; counted in steps, not by a clock."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import reduce
from itertools import chain
from operator import or_
from pathlib import Path
from typing import Any

import pytest

from harness.documentation import ROOT
from harness.regex_steps import MAX_STEPS, Expression, Use

SOURCES = {path: path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.py"))}
# The methods that are called of each name.
CALLED = {path: set(re.findall(r"\b(\w+)\.(\w+)\(", text)) for path, text in SOURCES.items()}
USES = {"search": Use.SEARCH, "match": Use.MATCH, "fullmatch": Use.FULLMATCH}
FINDS = {"sub", "subn", "split", "findall", "finditer"}


def constant(node: ast.expr) -> Any:
    """The value of a pattern, also of one that is written in several parts; None where it is computed."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value.decode("latin-1") if isinstance(value, bytes) else value


def flags_of(call: ast.Call) -> int:
    names = [node.attr for argument in call.args[1:] for node in ast.walk(argument) if isinstance(node, ast.Attribute)]
    return reduce(or_, (int(getattr(re, name)) for name in names if name.isupper()), 0)


def uses(name: str | None, path: Path) -> set[Use]:
    """How a compiled expression is used: in its own file, if its name is private."""
    if name is None:
        return {Use.SEARCH}
    called = CALLED[path] if name.startswith("_") else chain.from_iterable(CALLED.values())
    methods = {method for owner, method in called if owner == name}
    return {USES.get(method, Use.FIND_ALL) for method in methods & (USES.keys() | FINDS)} or {Use.SEARCH}


def expressions(path: Path) -> Iterator[tuple[int, Expression]]:
    """Every regular expression of a file, with its line. Those of pydantic are matched in linear time by Rust."""
    if "re." not in SOURCES[path]:
        return
    tree = ast.parse(SOURCES[path])
    names = {
        id(node.value): target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in ([node.target] if isinstance(node, ast.AnnAssign) else node.targets)
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method), args=[first, *_]):
                pattern, name = constant(first), names.get(id(node))
                assert pattern is not None, f"{path}:{node.lineno}: a pattern that is not a constant"
                for use in uses(name, path) if method == "compile" else {USES.get(method, Use.FIND_ALL)}:
                    yield node.lineno, Expression(pattern, flags_of(node), use)


FOUND = {
    f"{path.relative_to(ROOT / 'src' / 'linkweave').as_posix()}:{line} {expression.use.value}": expression
    for path in SOURCES
    for line, expression in expressions(path)
}


def slow_text(expression: Expression, times: int) -> str | None:
    """A text for which twice the length takes more than three times the steps, if there is one."""
    steps = expression.steps
    for attack in expression.attacks():
        seems_slow = steps(attack(2 * times)) > 2.4 * steps(attack(times))
        if seems_slow and steps(attack(8 * times)) > min(3 * steps(attack(4 * times)), MAX_STEPS - 1):
            return attack(3)
    return None


@pytest.fixture(autouse=True)
def _deep_stack() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(limit)


def test_there_are_regular_expressions() -> None:
    assert len(FOUND) > 20


@pytest.mark.parametrize("place", FOUND)
def test_a_text_of_twice_the_length_takes_at_most_three_times_the_steps(place: str) -> None:
    text = slow_text(FOUND[place], 4)
    assert text is None, f"{FOUND[place].pattern!r} is slow for texts like {text!r}"


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        ("(a+)+b", Use.MATCH),
        ("(a|a)*b", Use.FULLMATCH),
        (r"https?://[^\s/?#]+\S*", Use.FULLMATCH),
        (r"\bdomain\b.*\bnot found", Use.SEARCH),
        (r"[a-z]+x", Use.FIND_ALL),
    ],
)
def test_a_slow_expression_is_found(pattern: str, use: Use) -> None:
    assert slow_text(Expression(pattern, use=use), 4) is not None


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        ("[a-z]+x", Use.FULLMATCH),
        (r"(?<=[a-z0-9])(?=[A-Z])", Use.FIND_ALL),
        (r"\s", Use.SEARCH),
        ("[a-z]++|x", Use.FIND_ALL),
    ],
)
def test_a_fast_expression_is_not_called_slow(pattern: str, use: Use) -> None:
    assert slow_text(Expression(pattern, use=use), 4) is None
