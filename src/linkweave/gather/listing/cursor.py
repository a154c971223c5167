"""Cursors: opaque to clients, signed by us, and bound to the question they came from."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

import orjson
from pydantic import SecretStr

from linkweave.errors import InvalidInputError

VERSION: Final = b"1"
_MAC_BYTES: Final = 16

# Room for the places of thousands of lists; beyond that it is not one of ours.
_MAX_LENGTH: Final = 200_000


@dataclass(frozen=True, slots=True)
class CursorCodec:
    """Seals positions into cursors and opens them again.

    A cursor carries a keyed hash over its contents, over `question`, the words of what was asked, and over `view`, the
    accounts that exist for the caller. One that was changed, that another server signed, that belongs to another
    question or that was given to a caller who sees other accounts does not open.
    """

    secret: SecretStr
    view: str = ""

    def of_view(self, view: str) -> "CursorCodec":
        """The same for callers who see the accounts that `view` names."""
        return replace(self, view=view)

    def seal(self, question: str, position: object) -> str:
        """`position` (anything JSON can say) as a cursor of `question`."""
        payload = orjson.dumps(position)
        return _encode(VERSION + self._mac(question, payload) + payload)

    def open(self, question: str, cursor: str, field: str = "after") -> object:
        """The position in `cursor`.

        Raises:
            InvalidInputError: it is no cursor of ours, or one of another question.
        """
        raw = _decode(cursor)
        version, mac, payload = raw[:1], raw[1 : 1 + _MAC_BYTES], raw[1 + _MAC_BYTES :]
        if version != VERSION or not hmac.compare_digest(mac, self._mac(question, payload)):
            raise InvalidInputError(
                field,
                "is not a cursor of this list; pass the endCursor of a page of the same field with the same "
                "arguments (first may differ), from this server",
            )
        position: object = orjson.loads(payload)
        return position

    def _mac(self, question: str, payload: bytes) -> bytes:
        # A key has at most 64 bytes, and a secret may be longer.
        key = blake2b(self.secret.get_secret_value().encode()).digest()
        return blake2b(f"{self.view}\0{question}\0".encode() + payload, key=key, digest_size=_MAC_BYTES).digest()


def _decode(cursor: str) -> bytes:
    """The bytes of `cursor`; none where it is another spelling than ours, for Base64 has many for the same bytes."""
    if len(cursor) > _MAX_LENGTH or not cursor.isascii():
        return b""
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        return b""
    return raw if _encode(raw) == cursor else b""


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
