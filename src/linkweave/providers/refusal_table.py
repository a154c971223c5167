"""Refusals by the vendor's own codes: a table in place of a function for each vendor.

A vendor's words are not shown to callers: they may quote a credential, and name its files. The table has words for each
documented code. Where words alone tell the reason, `harmless_words` shows the words of a language in them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from linkweave.errors import RejectedError, VendorError
from linkweave.transport.refusal import Refusal

# What a code looks like; anything else may be a sentence or a value, and is not shown.
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_MAX_DIGITS: Final = 9
_MAX_WORD: Final = 24
"""Maximum length of a word that is shown. A longer one in a vendor's message may be a token."""
_MAX_WORDS: Final = 120
"""Maximum length of all words that are shown."""
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500


def code_at(*path: str) -> Callable[[object], str | None]:
    """Finds the code in an answer's JSON: `code_at("error", "code")` finds it in `{"error": {"code": 5}}`."""

    def find(data: object) -> str | None:
        for key in path:
            data = data.get(key) if isinstance(data, dict) else None
        return code_text(data)

    return find


def code_text(value: object) -> str | None:
    """A code as text: a vendor may send the same one as a number and as a string; None for what is no code."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_MAX_DIGITS else None
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def harmless_words(message: str) -> str:
    """The first words of a vendor's message, without those that may be a token or an address."""
    words = [word if _harmless(word) else "…" for word in _start(message, 4 * _MAX_WORDS).split()]
    return _start(" ".join(words), _MAX_WORDS)


def _start(text: str, length: int) -> str:
    """The first words of `text`, in at most `length` characters. A part of a word could be one of a secret."""
    return text if len(text) <= length else text[:length].rpartition(" ")[0]


def _harmless(word: str) -> bool:
    return len(word) <= _MAX_WORD and "://" not in word and word.isprintable()


def status_decides(status: int) -> bool:
    """Whether the HTTP status says more than any code: too many requests, or a server error."""
    return status == _TOO_MANY_REQUESTS or status >= _SERVER_ERROR


def meaning(kind: type[VendorError], message: str, input_field: str | None = None) -> Refusal:
    """One row of a table: the kind of error, the words for callers, and the input field that the code is about."""
    return Refusal(kind, message, field=input_field)


def explained(refusal: Refusal, allowed: Mapping[str, str]) -> Refusal:
    """The refusal of a value with its field in words, and with what `allowed` says of that field."""
    if refusal.kind is not RejectedError or refusal.field is None:
        return refusal
    rule = allowed.get(refusal.field)
    problem = f"{refusal.message}: {refusal.field.replace('_', ' ')}"
    return replace(refusal, message=problem if rule is None else f"{problem}; allowed: {rule}")


def _no_rows() -> Mapping[int, Refusal]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RefusalTable:
    """Finds the refusal in an answer: by the vendor's code, else by the HTTP status.

    `find_code` finds the code; codes in `success` are no refusals. `unknown` stands for all codes outside the table;
    without it the HTTP status decides there. `by_status` has statuses that mean something special at this vendor.
    """

    find_code: Callable[[object], str | None]
    by_code: Mapping[str, Refusal]
    unknown: Refusal | None = None
    success: frozenset[str] = frozenset()
    by_status: Mapping[int, Refusal] = field(default_factory=_no_rows)

    def __call__(self, status: int, data: object) -> Refusal | None:
        """The refusal, or None for a good answer and where only the usual meaning of the HTTP status tells."""
        code = self.find_code(data)
        if code is not None and code not in self.success:
            found = self.by_code.get(code, self.by_status.get(status, self.unknown))
            if found is not None:
                return replace(found, provider_code=code)
        return self.by_status.get(status)
