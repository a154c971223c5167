"""Cursors: sealed by the gateway, so that clients neither read nor change them, and bound to their query."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b, shake_256
from typing import Final

import orjson
from pydantic import SecretStr

from linkweave.errors import InvalidInputError

VERSION: Final = b"2"
_MAC_BYTES: Final = 16

# Maximum length of a cursor: enough for the positions of thousands of lanes.
_MAX_LENGTH: Final = 200_000


@dataclass(frozen=True)
class CursorCodec:
    """Seals positions into cursors, and opens cursors.

    A cursor carries a keyed hash over its position, the `cursor_key` of its query, and the `view`, which are the
    accounts that the caller may see. So a cursor does not open where it was changed, or where it comes from another
    server, from another query, or from a caller who sees other accounts. The position is encrypted: it may hold a
    number of a row, which tells how many links there are in accounts that the caller may not see. The same position
    always gives the same cursor.
    """

    secret: SecretStr
    view: str = ""

    def of_view(self, view: str) -> "CursorCodec":
        """Returns the codec for callers who see the accounts of `view`."""
        return replace(self, view=view)

    def seal(self, cursor_key: str, position: object) -> str:
        """Returns `position`, which must fit into JSON, as a cursor of the query with this key."""
        payload = orjson.dumps(position)
        mac = self._mac(cursor_key, payload)
        return _encode(VERSION + mac + self._encrypt(mac, payload))

    def open(self, cursor_key: str, cursor: str, field: str = "after") -> object:
        """Returns the position in `cursor`.

        Raises:
            InvalidInputError: it is not a cursor of this gateway, or it comes from another query.
        """
        raw = _decode(cursor)
        version, mac = raw[:1], raw[1 : 1 + _MAC_BYTES]
        payload = self._encrypt(mac, raw[1 + _MAC_BYTES :])
        if version != VERSION or not hmac.compare_digest(mac, self._mac(cursor_key, payload)):
            raise InvalidInputError(
                field,
                "is not a cursor of this list; pass the endCursor of a page of the same field, with the same "
                "arguments (only first may differ), from this server",
            )
        position: object = orjson.loads(payload)
        return position

    def _mac(self, cursor_key: str, payload: bytes) -> bytes:
        text = f"{self.view}\0{cursor_key}\0".encode() + payload
        return blake2b(text, key=self._mac_key, digest_size=_MAC_BYTES).digest()

    def _encrypt(self, mac: bytes, payload: bytes) -> bytes:
        """Encrypts or decrypts. The hash is the nonce: it differs for different positions (as SIV, RFC 5297)."""
        stream = shake_256(self._stream_key + mac).digest(len(payload))
        return (int.from_bytes(payload) ^ int.from_bytes(stream)).to_bytes(len(payload))

    @cached_property
    def _mac_key(self) -> bytes:
        return self._key(b"mac")

    @cached_property
    def _stream_key(self) -> bytes:
        return self._key(b"stream")

    def _key(self, purpose: bytes) -> bytes:
        # BLAKE2b takes keys of at most 64 bytes, and a secret may be longer.
        return blake2b(self.secret.get_secret_value().encode(), person=purpose).digest()


def _decode(cursor: str) -> bytes:
    """Returns the bytes of `cursor`; none where it is not spelled as _encode() spells them.

    Base64 has several spellings of the same bytes.
    """
    if len(cursor) > _MAX_LENGTH or not cursor.isascii():
        return b""
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        return b""
    return raw if _encode(raw) == cursor else b""


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
