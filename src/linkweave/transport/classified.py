"""The layer right above the wire: decodes each answer once, and says what it means, for all layers above."""

from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import orjson

from linkweave.errors import BadResponseError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.refusal import Classify, NoContent, NotJson, Refusal, refusal_by_status

_NO_CONTENT: Final = 204

Decode: TypeAlias = Callable[[bytes], object]
# Removes from decoded JSON what no layer may see, such as an echo of the request.
Drop: TypeAlias = Callable[[object], object]


def decode_json(body: bytes) -> object:
    """The JSON in `body`, or NotJson. Some vendors send a byte order mark before it (FOUND)."""
    body = body.removeprefix(BOM_UTF8)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return NotJson(body.decode("utf-8", "replace"))


def drop_nothing(data: object) -> object:
    """The whole answer, for vendors that echo nothing."""
    return data


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
        classify = call.classify or self.classify
        refusal = classify(answer.status, data)
        if refusal is None and answer.status not in call.accepts:
            refusal = refusal_by_status(answer.status)
        if refusal is None and isinstance(data, NotJson):
            refusal = Refusal(BadResponseError, "answered something that is not JSON")
        return replace(answer, data=data, refusal=refusal)
