"""Which endpoint answers which request, after the request was let in."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkweave.providers.emulator_kit import json_object
from linkweave.providers.tinycc.emulator import read_endpoints, tag_endpoints, url_endpoints, webhook_endpoints
from linkweave.providers.tinycc.emulator.api_request import ApiRequest, Endpoint
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import TinyAccount
from linkweave.providers.tinycc.emulator.webhook_sender import click

HttpEndpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

_OVERRIDE: Final = "x-http-method-override"
_NOT_FOUND: Final = 404

_ENDPOINTS: Final[Mapping[str, Mapping[str, Endpoint]]] = MappingProxyType(
    {
        "/account": {"GET": read_endpoints.read_account},
        "/urls": {
            "GET": read_endpoints.list_urls,
            "POST": url_endpoints.create,
            "PATCH": url_endpoints.update,
            "DELETE": url_endpoints.delete,
        },
        "/urls/{name:path}": {
            "GET": read_endpoints.read_url,
            "PATCH": url_endpoints.update,
            "DELETE": url_endpoints.delete,
        },
        "/stats": {"DELETE": url_endpoints.reset},
        "/stats/{name:path}": {"GET": read_endpoints.read_stats, "DELETE": url_endpoints.reset},
        "/tags": {"GET": read_endpoints.list_tags, "POST": tag_endpoints.create},
        "/tags/{name:path}": {"PATCH": tag_endpoints.rename, "DELETE": tag_endpoints.delete},
        "/domains": {"GET": read_endpoints.list_domains},
        "/webhooks": {
            "GET": read_endpoints.list_webhooks,
            "POST": webhook_endpoints.create,
            "PATCH": webhook_endpoints.update,
            "DELETE": webhook_endpoints.delete,
        },
        "/webhooks/{name:path}": {"PATCH": webhook_endpoints.update, "DELETE": webhook_endpoints.delete},
    },
)


def emulate(account: TinyAccount) -> Starlette:
    """A server that knows this one account. Of the encodings of a payload it reads JSON, the recommended one."""
    methods = ["GET", "POST", "PATCH", "DELETE"]
    routes = [Route(path, _guarded(account, endpoints), methods=methods) for path, endpoints in _ENDPOINTS.items()]
    app = Starlette(routes=routes, exception_handlers={ApiRefusedError: _refuse, HTTPException: _refuse})
    app.router.redirect_slashes = False
    app.state.click = partial(click, account)
    return app


def _guarded(account: TinyAccount, endpoints: Mapping[str, Endpoint]) -> HttpEndpoint:
    async def answer(http: Request) -> Response:
        account.admit(http.headers.get("authorization"))
        endpoint = endpoints.get(_method(http))
        if endpoint is None:
            raise ApiRefusedError(1302)
        request = ApiRequest(http.query_params, http.path_params.get("name"), await _payload(account, http))
        return JSONResponse({"error": {"code": 0, "message": ""}, "version": "3.1", **endpoint(account, request)})

    return answer


def _method(http: Request) -> str:
    """The method of the request: a POST may name another one (DOC)."""
    return http.headers.get(_OVERRIDE, "POST").upper() if http.method == "POST" else http.method


async def _payload(account: TinyAccount, http: Request) -> Mapping[str, object]:
    if len(await http.body()) > account.post_limit:
        raise ApiRefusedError(1310)
    payload = await json_object(http)
    if payload is None:
        raise ApiRefusedError(1305)
    return payload


async def _refuse(_: Request, failure: Exception) -> Response:
    if not isinstance(failure, ApiRefusedError):
        unknown_path = isinstance(failure, HTTPException) and failure.status_code == _NOT_FOUND
        failure = ApiRefusedError(1301 if unknown_path else 1302)
    return JSONResponse(failure.body, failure.status)
