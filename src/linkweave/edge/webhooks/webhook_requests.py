"""Reads the request of a webhook: a bounded body, which is JSON or a form."""

from typing import Final
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request

from linkweave.edge.http.body_limits import (
    BodyTooLargeError,
    MinimumRate,
    announced_bytes,
    with_size_limit,
    with_timeout,
)
from linkweave.providers.webhook_capabilities import WebhookRefusedError, WebhookRequest

MAX_BYTES: Final = 64_000
"""Maximum size of a body."""
BODY_SECONDS: Final = 10
_MAX_FIELDS: Final = 100
_FORM: Final = "application/x-www-form-urlencoded"


async def read_webhook_request(request: Request) -> WebhookRequest:
    """Returns what a vendor has sent.

    Raises:
        BodyRefusedError: the body is too large, or comes too slowly.
        WebhookRefusedError: it is neither JSON nor a form.
        ClientDisconnect: the vendor went away.
    """
    headers = Headers(scope=request.scope)
    if announced_bytes(headers) > MAX_BYTES:
        raise BodyTooLargeError(MAX_BYTES)
    receive = with_timeout(with_size_limit(request.receive, MAX_BYTES), MinimumRate(BODY_SECONDS))
    body = await Request(request.scope, receive).body()
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise WebhookRefusedError("the body is compressed; send it as it is")
    is_form = headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    return WebhookRequest(dict(headers), body, _fields(body) if is_form else _json(body), is_form)


def _json(body: bytes) -> object:
    try:
        # Some vendors' answers begin with a byte order mark.
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise WebhookRefusedError("the body is no JSON, and Content-Type does not say that it is a form") from None


def _fields(body: bytes) -> dict[str, str]:
    try:
        text = body.decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict"))
    except ValueError:
        raise WebhookRefusedError("the body is not the form that Content-Type says it is") from None
