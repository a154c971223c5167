"""Pretends to be a Chevereto site on which uploads are turned off.

It checks version, key, action and source as the vendor does, and then refuses: an upload is never pretended.
"""

from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from linkweave.providers.emulation import EmulatorOptions

DEMO_KEY: Final = "sandbox-chevereto-key"


def create_emulator(options: EmulatorOptions) -> Starlette:  # noqa: ARG001 - nothing here depends on time or limits
    """A fresh site, which knows one key."""
    return Starlette(routes=[Route("/api/{version}/{action}", _api, methods=["GET", "POST"])])


async def _api(request: Request) -> Response:
    fields = dict(request.query_params) | await _form(request)
    code, message = _not_asked_well(request, fields) or _not_uploaded(fields.get("source", ""))
    if fields.get("format") in {"txt", "redirect"}:
        # These formats have no place for an error: its text comes as if all were well.
        return PlainTextResponse(message)
    error = {"message": message, "code": code}
    return JSONResponse({"status_code": 400, "error": error, "status_txt": "Bad Request"}, 400)


def _not_asked_well(request: Request, fields: Mapping[str, str]) -> tuple[int, str] | None:
    # The header wins over the parameter.
    key = request.headers.get("x-api-key") or fields.get("key")
    if not key:
        return 100, "No key provided"
    if request.path_params["version"] != "1":
        return 110, "Invalid API version."
    if key != DEMO_KEY:
        return 100, "Invalid API key."
    if request.path_params["action"] != "upload":
        return 120, "Invalid API action"
    return None


def _not_uploaded(source: str) -> tuple[int, str]:
    if not source:
        return 130, "Empty upload source"
    if source.startswith(("http://", "https://")):
        return 403, "URL uploading is disabled"
    return 401, "Request denied"


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; of a file only its bytes, as text."""
    kind = request.headers.get("content-type", "")
    body = await request.body()
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    if not kind.startswith("multipart/form-data"):
        return {}
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP)
    return {str(part.get_param("name", header="content-disposition")): _text_of(part) for part in form.iter_parts()}


def _text_of(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("latin-1") if isinstance(content, bytes) else ""
