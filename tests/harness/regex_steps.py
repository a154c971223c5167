"""Counts the steps of a backtracking match, so that slow regular expressions are found without a clock.

The matcher walks the tree that Python's own parser makes of a pattern, and tries alternatives in Python's order.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

# Continues a match at a position.
Rest = Callable[[int], bool]
# One step of a match: whether it and the rest fit at a position.
Step = Callable[[int, Rest], bool]

_CATEGORIES: Final[dict[Any, Callable[[str], bool]]] = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    op.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    op.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}
MAX_STEPS: Final = 20_000
_EXAMPLES: Final = "a0 _-.:/?#@%(,;=&|\"'<\\x"


class _TooManyStepsError(Exception):
    pass


@dataclass(slots=True)
class StepCounter:
    """One match over one text, which is given up after `MAX_STEPS`."""

    text: str
    ignore_case: bool
    steps: int = 0

    def count(self) -> None:
        """One more step."""
        self.steps += 1
        if self.steps >= MAX_STEPS:
            raise _TooManyStepsError

    def sequence(self, nodes: Sequence[Any]) -> Step:
        """All of `nodes`, one after the other."""
        steps = [self.node(name, value) for name, value in nodes]

        def match(at: int, rest: Rest) -> bool:
            def go_on(index: int, here: int) -> bool:
                return rest(here) if index == len(steps) else steps[index](here, lambda end: go_on(index + 1, end))

            return go_on(0, at)

        return match

    def node(self, name: Any, value: Any) -> Step:  # noqa: PLR0911 - one for each kind of node
        """The step of one node of the tree."""
        if name in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            return self._character(lambda char: _accepts(name, value, char, ignore_case=self.ignore_case))
        if name in {op.MAX_REPEAT, op.MIN_REPEAT}:
            least, most, body = value
            return self._repeat(self.sequence(body), least, most, greedy=name is op.MAX_REPEAT)
        if name is op.POSSESSIVE_REPEAT:
            least, most, body = value
            return self._atomic(self._repeat(self.sequence(body), least, most, greedy=True))
        if name is op.BRANCH:
            branches = [self.sequence(branch) for branch in value[1]]
            return lambda at, rest: any(branch(at, rest) for branch in branches)
        if name is op.SUBPATTERN:
            return self.sequence(value[-1])
        if name is op.ATOMIC_GROUP:
            return self._atomic(self.sequence(value))
        if name in {op.ASSERT, op.ASSERT_NOT}:
            return self._look(self.sequence(value[1]), behind=value[0] < 0, wanted=name is op.ASSERT)
        assert name is op.AT, name
        return self._boundary(value)

    def _character(self, accepts: Callable[[str], bool]) -> Step:
        def match(at: int, rest: Rest) -> bool:
            self.count()
            return at < len(self.text) and accepts(self.text[at]) and rest(at + 1)

        return match

    def _repeat(self, body: Step, least: int, most: int, *, greedy: bool) -> Step:
        def match(at: int, rest: Rest) -> bool:
            def again(count: int, here: int) -> bool:
                self.count()

                def more() -> bool:
                    return count < most and body(here, lambda end: end != here and again(count + 1, end))

                if count < least:
                    return body(here, lambda end: again(count + 1, end))
                return (more() or rest(here)) if greedy else (rest(here) or more())

            return again(0, at)

        return match

    def _atomic(self, body: Step) -> Step:
        def match(at: int, rest: Rest) -> bool:
            ends: list[int] = []
            return body(at, lambda end: not ends.append(end)) and rest(ends[0])  # type: ignore[func-returns-value]

        return match

    def _look(self, body: Step, *, behind: bool, wanted: bool) -> Step:
        def match(at: int, rest: Rest) -> bool:
            starts = range(at, max(-1, at - 4), -1) if behind else [at]
            return any(body(start, lambda end: not behind or end == at) for start in starts) is wanted and rest(at)

        return match

    def _boundary(self, kind: Any) -> Step:
        def is_word(at: int) -> bool:
            return 0 <= at < len(self.text) and _CATEGORIES[op.CATEGORY_WORD](self.text[at])

        def holds(at: int) -> bool:
            if kind in {op.AT_BEGINNING, op.AT_BEGINNING_STRING}:
                return at == 0
            if kind in {op.AT_END, op.AT_END_STRING}:
                return at == len(self.text)
            return (is_word(at - 1) != is_word(at)) is (kind is op.AT_BOUNDARY)

        return lambda at, rest: holds(at) and rest(at)


class Use(Enum):
    """How an expression is used."""

    FULLMATCH = "fullmatch"
    MATCH = "match"
    # The first place where it fits, and every place.
    SEARCH = "search"
    FIND_ALL = "find all"


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression and its use."""

    pattern: str
    flags: int = 0
    use: Use = Use.SEARCH
    tree: Any = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", _parser.parse(self.pattern, self.flags))

    def steps(self, text: str) -> int:
        """The steps that its use takes over `text`: `MAX_STEPS` stand for any larger number."""
        counter = StepCounter(text, bool(self.flags & re.IGNORECASE))
        with suppress(_TooManyStepsError):
            self._run(counter, counter.sequence(self.tree))
        return counter.steps

    def _run(self, counter: StepCounter, match: Step) -> None:
        length, start, ends = len(counter.text), 0, [-1]

        def accept(at: int) -> bool:
            ends[0] = at
            return self.use is not Use.FULLMATCH or at == length

        while start <= length:
            fits = match(start, accept)
            if self.use in {Use.FULLMATCH, Use.MATCH} or (fits and self.use is Use.SEARCH):
                return
            start = max(start + 1, ends[0]) if fits else start + 1

    def attacks(self) -> Iterator[Callable[[int], str]]:
        """Texts of any length that may take many steps: a beginning, something that is repeated, and an end."""
        characters = list(dict.fromkeys(_characters(self.tree)))[:5]
        words = list(dict.fromkeys(_words(self.tree)))
        pairs = ("".join(pair) for pair in product(characters, repeat=2))
        pumps = dict.fromkeys([*characters, *pairs, *words, *(f"{word} " for word in words)])
        for prefix, pump, end in product(dict.fromkeys(_prefixes(self.tree)), pumps, ("\x00", " ")):
            yield partial(_attack, prefix, pump, end)


def _attack(prefix: str, pump: str, end: str, times: int) -> str:
    return prefix + pump * times + end


def _accepts(name: Any, value: Any, char: str, *, ignore_case: bool) -> bool:
    if ignore_case:
        return any(_accepts(name, value, each, ignore_case=False) for each in {char, char.lower(), char.upper()})
    if name is op.ANY:
        return char != "\n"
    if name is op.LITERAL:
        return char == chr(value)
    if name is op.NOT_LITERAL:
        return char != chr(value)
    negated: bool = value[0][0] is op.NEGATE
    return any(_is_in(kind, what, char) for kind, what in value[negated:]) is not negated


def _is_in(kind: Any, what: Any, char: str) -> bool:
    if kind is op.LITERAL:
        return char == chr(what)
    if kind is op.RANGE:
        return bool(what[0] <= ord(char) <= what[1])
    return _CATEGORIES[what](char)


def _characters(nodes: Any) -> Iterator[str]:
    """A character or two for each place of a pattern that takes one."""
    for name, value in nodes:
        if name in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            fitting = [char for char in _EXAMPLES if _accepts(name, value, char, ignore_case=False)]
            yield from fitting[:1] or ([chr(value)] if name is op.LITERAL else [])
        else:
            for inner in _inside(name, value):
                yield from _characters(inner)


def _words(nodes: Any) -> Iterator[str]:
    """The runs of literals."""
    word = "".join(chr(value) if name is op.LITERAL else "\x00" for name, value in nodes)
    yield from (each for each in word.split("\x00") if len(each) > 1)
    for name, value in nodes:
        for inner in _inside(name, value):
            yield from _words(inner)


def _prefixes(nodes: Any) -> Iterator[str]:
    """Texts that lead to each repeat of the uppermost level."""
    text = ""
    yield text
    for name, value in nodes:
        if name in {op.MAX_REPEAT, op.MIN_REPEAT}:
            yield text
        text += next(iter(_characters([(name, value)])), "")


def _inside(name: Any, value: Any) -> list[Any]:
    if name in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [value[2]]
    if name is op.BRANCH:
        return list(value[1])
    if name is op.SUBPATTERN:
        return [value[-1]]
    if name is op.ATOMIC_GROUP:
        return [value]
    return [value[1]] if name in {op.ASSERT, op.ASSERT_NOT} else []
