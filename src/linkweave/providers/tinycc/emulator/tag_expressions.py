"""The vendor's expressions over tags, as users describe them (FOUND).

    or     = xor { "|" xor }
    xor    = and { "^" and }
    and    = sign { ("&" | "," | ";") sign }
    sign   = { "+" | "~" | "-" } atom
    atom   = "(" or ")" | ">" day | "<" day | label

A "-" is a sign only at the start of a label; inside a label it is a letter.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl

Test: TypeAlias = Callable[[ShortUrl], bool]

_TOKEN: Final = re.compile(r"([&,;|^()+~<>-]|[^&,;|^()+~<>\s-][^&,;|^()+~<>]*)")


def compile_expression(text: str, known_tags: list[str], domains: list[str]) -> Test:
    """The test that `text` describes.

    Raises:
        ApiRefusedError: 1309 for a word that is no tag, 1305 for text that is no expression.
    """
    words = frozenset(tag.casefold() for tag in known_tags), frozenset(domain.casefold() for domain in domains)
    parser = _Parser(_tokens(text), *words)
    test = parser.either()
    if parser.rest:
        raise ApiRefusedError(1305)
    return test


def _tokens(text: str) -> list[str]:
    return [match[1].strip() for match in _TOKEN.finditer(text)]


class _Parser:
    def __init__(self, rest: list[str], tags: frozenset[str], domains: frozenset[str]) -> None:
        self.rest = rest
        self._tags = tags
        self._domains = domains

    def either(self) -> Test:
        test = self._one_of_two()
        while self._take("|"):
            test = _or(test, self._one_of_two())
        return test

    def _one_of_two(self) -> Test:
        test = self._both()
        while self._take("^"):
            test = _xor(test, self._both())
        return test

    def _both(self) -> Test:
        test = self._signed()
        while self._take("&,;"):
            test = _and(test, self._signed())
        return test

    def _signed(self) -> Test:
        sign = self._take("+~-")
        if sign is None:
            return self._atom()
        test = self._signed()
        return test if sign == "+" else _not(test)

    def _atom(self) -> Test:
        if self._take("("):
            test = self.either()
            if not self._take(")"):
                raise ApiRefusedError(1305)
            return test
        order = self._take("<>")
        word = self.rest.pop(0) if self.rest else ""
        if not word or word in "&,;|^()+~-<>":
            raise ApiRefusedError(1305)
        return self._word(word) if order is None else _created(order, word)

    def _word(self, word: str) -> Test:
        folded = word.casefold()
        if folded in self._tags:
            return lambda url: folded in {tag.casefold() for tag in url.tags}
        if folded in self._domains:
            return lambda url: url.domain == folded
        if folded in _AUTOTAGS:
            return _AUTOTAGS[folded]
        raise ApiRefusedError(1309)

    def _take(self, symbols: str) -> str | None:
        if self.rest and self.rest[0] in symbols:
            return self.rest.pop(0)
        return None


# Tags that the vendor puts on URLs by itself. No URL here is "smart": the API cannot create one.
_AUTOTAGS: Final[dict[str, Test]] = {
    "archived": lambda url: url.archived,
    "visited": lambda url: url.last_visit is not None,
    "ping": lambda url: url.ping,
    "email_stats": lambda url: url.email_stats,
    "smart": lambda url: False,  # noqa: ARG005 - a test takes a URL
}


def _or(left: Test, right: Test) -> Test:
    return lambda url: left(url) or right(url)


def _xor(left: Test, right: Test) -> Test:
    return lambda url: left(url) != right(url)


def _and(left: Test, right: Test) -> Test:
    return lambda url: left(url) and right(url)


def _not(test: Test) -> Test:
    return lambda url: not test(url)


def _created(order: str, word: str) -> Test:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise ApiRefusedError(1305) from None
    return (lambda url: url.created.date() > day) if order == ">" else (lambda url: url.created.date() < day)
