"""Reads form-data, of which the document uses a few short fields."""

from collections.abc import Mapping
from email import message_from_bytes
from email.policy import HTTP

from starlette.requests import Request


async def form_fields(request: Request) -> Mapping[str, str]:
    """The fields of a multipart form; a body of another type has none."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return {}
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + await request.body(), policy=HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True)).decode()
        for part in form.iter_parts()
    }
