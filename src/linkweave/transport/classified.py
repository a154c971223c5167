"""The layer right above the wire: decodes each answer once, and says what it means, for all layers above."""

from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import orjson

from linkweave.errors import BadResponseError, UnavailableError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.refusal import Classify, NoContent, NotJson, Refusal, refusal_by_status

_NO_CONTENT: Final = 204
# Each byte as it is, but for a blank in place of each control character.
_BLANKS: Final = b" " * 32 + bytes(range(32, 256))
_FORBIDDEN: Final = 403
_CHALLENGE_STATUSES: Final = frozenset({403, 503})
_CHALLENGED: Final = Refusal(
    UnavailableError,
    "was not reached: the network before it wants a challenge to be solved, as of a browser",
    unseen=True,
)

Decode: TypeAlias = Callable[[bytes], object]
# Removes from decoded JSON what no layer may see, such as an echo of the request.
Drop: TypeAlias = Callable[[object], object]


def decode_json(body: bytes) -> object:
    """The JSON in `body`, or NotJson.

    Some vendors send a byte order mark before it (FOUND), or control characters within texts as they are (FOUND).
    Such a character becomes a blank.
    """
    body = body.removeprefix(BOM_UTF8)
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(body)
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(body.translate(_BLANKS))
    return NotJson(body.decode("utf-8", "replace"))


def drop_nothing(data: object) -> object:
    """The whole answer, for vendors that echo nothing."""
    return data


def _is_challenge(answer: Answer) -> bool:
    """Whether a network in front of the vendor answered in its place, with a page for people (FOUND).

    Cloudflare marks its challenges. It also sends pages of the vendor, so an unmarked one counts with 403 only.
    """
    if "cf-mitigated" in answer.headers:
        return answer.status in _CHALLENGE_STATUSES
    return answer.status == _FORBIDDEN and answer.headers.get("server", "").lower() == "cloudflare"


@dataclass(frozen=True, slots=True)
class Classified:
    """Puts `data` and `refusal` into each answer. `classify` sees what `drop` leaves."""

    inner: Transport
    classify: Classify
    drop: Drop = drop_nothing
    decode: Decode = decode_json

    async def send(self, call: Call) -> Answer:
        """Sends `call`.

        Raises:
            VendorError: no complete answer came.
        """
        answer = await self.inner.send(call)
        data = NoContent() if answer.status == _NO_CONTENT else self.drop(self.decode(answer.body))
        if isinstance(data, NotJson) and _is_challenge(answer):
            return replace(answer, data=data, refusal=_CHALLENGED)
        classify = call.classify or self.classify
        refusal = classify(answer.status, data)
        if refusal is None and answer.status not in call.accepts:
            refusal = refusal_by_status(answer.status)
        if refusal is None and isinstance(data, NotJson):
            refusal = Refusal(BadResponseError, "answered something that is not JSON")
        return replace(answer, data=data, refusal=refusal)
