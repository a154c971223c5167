"""Which call goes to which endpoint, after it was let in, and what is answered around what the endpoint says."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkweave.providers.tinycc.emulator import reading, tag_writing, url_writing, webhook_writing
from linkweave.providers.tinycc.emulator.asking import Answer, Asked
from linkweave.providers.tinycc.emulator.refusing import Refused
from linkweave.providers.tinycc.emulator.state import TinyAccount

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

_OVERRIDE: Final = "x-http-method-override"

_RESOURCES: Final[Mapping[str, Mapping[str, Answer]]] = MappingProxyType(
    {
        "/account": {"GET": reading.read_account},
        "/urls": {
            "GET": reading.list_urls,
            "POST": url_writing.shorten,
            "PATCH": url_writing.edit,
            "DELETE": url_writing.delete,
        },
        "/urls/{name:path}": {"GET": reading.read_url, "PATCH": url_writing.edit, "DELETE": url_writing.delete},
        "/stats": {"DELETE": url_writing.reset},
        "/stats/{name:path}": {"GET": reading.read_stats, "DELETE": url_writing.reset},
        "/tags": {"GET": reading.list_tags, "POST": tag_writing.create},
        "/tags/{name:path}": {"PATCH": tag_writing.rename, "DELETE": tag_writing.delete},
        "/domains": {"GET": reading.list_domains},
        "/webhooks": {
            "GET": reading.list_webhooks,
            "POST": webhook_writing.create,
            "PATCH": webhook_writing.edit,
            "DELETE": webhook_writing.delete,
        },
        "/webhooks/{name:path}": {"PATCH": webhook_writing.edit, "DELETE": webhook_writing.delete},
    },
)


def emulate(account: TinyAccount) -> Starlette:
    """A server that knows this one account. Of the encodings of a payload it reads JSON, the recommended one."""
    methods = ["GET", "POST", "PATCH", "DELETE"]
    routes = [Route(path, _guarded(account, answers), methods=methods) for path, answers in _RESOURCES.items()]
    app = Starlette(routes=routes, exception_handlers={Refused: _refuse, HTTPException: _refuse})
    app.router.redirect_slashes = False
    return app


def _guarded(account: TinyAccount, answers: Mapping[str, Answer]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        account.admit(request.headers.get("authorization"))
        answer = answers.get(_method(request))
        if answer is None:
            raise Refused(1302)
        asked = Asked(request.query_params, request.path_params.get("name"), await _payload(account, request))
        return JSONResponse({"error": {"code": 0, "message": ""}, "version": "3.1", **answer(account, asked)})

    return endpoint


def _method(request: Request) -> str:
    """The method that is meant: a POST may name another one (DOC)."""
    if request.method == "POST":
        return request.headers.get(_OVERRIDE, "POST").upper()
    return request.method


async def _payload(account: TinyAccount, request: Request) -> Mapping[str, object]:
    body = await request.body()
    if len(body) > account.post_limit:
        raise Refused(1310)
    if not body:
        return {}
    try:
        payload = await request.json()
    except ValueError:
        raise Refused(1305) from None
    if not isinstance(payload, dict):
        raise Refused(1305)
    return payload


async def _refuse(_: Request, failure: Exception) -> Response:
    refused = failure if isinstance(failure, Refused) else Refused(_misdirected(failure))
    return JSONResponse(refused.answer, refused.status)


def _misdirected(failure: Exception) -> int:
    """The code for what the router could not place: no such resource, or a method that it does not have."""
    unknown = isinstance(failure, HTTPException) and failure.status_code == 404  # noqa: PLR2004 - not found
    return 1301 if unknown else 1302
