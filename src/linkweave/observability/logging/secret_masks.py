"""The last line of defence: masks every known secret in what is to be written."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

MASK: Final = "***"
# A shorter secret is part of too many other words.
_MIN_LENGTH: Final = 5
_ESCAPE: Final = re.compile("%[0-9A-F]{2}")


class SecretMasks:
    """Masks secrets in every form in which they travel."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= _MIN_LENGTH for form in _forms(secret)}
        # The longest first: a secret may be part of another one.
        self._texts = sorted(forms, key=len, reverse=True)
        self._pairs = [(text.encode(), MASK.encode()) for text in self._texts]

    def text(self, line: str) -> str:
        """Returns `line` with a mask in place of every secret."""
        for secret in self._texts:
            if secret in line:
                line = line.replace(secret, MASK)
        return line

    def has_secret(self, text: str) -> bool:
        """Whether `text` holds a secret."""
        return self.text(text) is not text

    def line(self, line: bytes) -> bytes:
        """As `text`, for UTF-8."""
        for secret, mask in self._pairs:
            if secret in line:
                line = line.replace(secret, mask)
        return line


def _forms(secret: str) -> Iterator[str]:
    yield secret
    for encoded in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        yield encoded
        yield _ESCAPE.sub(lambda escape: escape[0].lower(), encoded)
    yield b64encode(secret.encode()).decode().rstrip("=")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
