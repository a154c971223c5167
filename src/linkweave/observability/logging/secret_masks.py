"""The last line of defence: whatever was to be written, no known secret is in it."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

MASK: Final = "***"
# A shorter one is in too many words that are none.
_SHORTEST: Final = 5


class Masks:
    """The secrets that this process was started with, in every form in which they travel."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
        # The longest first, so that of two of which one is in the other nothing is left over.
        self._texts = sorted(forms, key=len, reverse=True)
        self._pairs = [(text.encode(), MASK.encode()) for text in self._texts]

    def text(self, line: str) -> str:
        """`line` with a mask in the place of every secret."""
        for secret in self._texts:
            if secret in line:
                line = line.replace(secret, MASK)
        return line

    def hides(self, text: str) -> bool:
        """Whether there is a secret in `text`."""
        return self.text(text) is not text

    def line(self, line: bytes) -> bytes:
        """As `text`, of UTF-8."""
        for secret, mask in self._pairs:
            if secret in line:
                line = line.replace(secret, mask)
        return line


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield b64encode(secret.encode()).decode().rstrip("=")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
