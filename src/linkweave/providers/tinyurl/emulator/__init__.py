"""TinyURL's API in this process, written from its document."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request

from linkweave.providers.emulator_kit import EmulatorOptions, Endpoint, json_app, json_object
from linkweave.providers.tinyurl.emulator import analytics, lists, writes
from linkweave.providers.tinyurl.emulator.account import Account, good
from linkweave.providers.tinyurl.emulator.bulk import BulkEndpoints
from linkweave.providers.tinyurl.emulator.seed import seeded

__all__ = ["create_emulator", "emulate"]

_NOT_FOUND: Final = {"data": [], "code": 6, "errors": ["Not found"]}

Read: TypeAlias = Callable[[Account, Request], Awaitable[object]]

# Each with the permission that it needs.
_READS: Final[Mapping[str, tuple[str, Read]]] = {
    "GET /urls/{type}": ("read", lists.list_links),
    "GET /urls/{type}/count": ("read", lists.count_links),
    "GET /analytics/timeline": ("analytics", analytics.timeline),
    "GET /analytics/general": ("analytics", analytics.general),
    "GET /analytics/sources/top": ("analytics", analytics.sources),
    "GET /analytics/languages/top": ("analytics", analytics.languages),
    "GET /analytics/location/{region}": ("analytics", analytics.location),
    "GET /analytics/popularity/weekday": ("analytics", analytics.weekdays),
    "GET /analytics/popularity/hour": ("analytics", analytics.hours),
}
_WRITES: Final[Mapping[str, tuple[str, writes.Write]]] = {
    "POST /create": ("create", writes.create),
    "PATCH /update": ("update", writes.update),
    "PATCH /change": ("update", writes.change),
    "PATCH /archive": ("archive", writes.toggle),
    "PATCH /analytics/status": ("analytics", writes.set_status),
    "PATCH /analytics/sharing": ("analytics", writes.set_sharing),
}


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A user with 30 links, and no limit of calls: TinyURL documents none."""
    return emulate(seeded(options))


def emulate(account: Account) -> Starlette:
    """A server of this one user."""
    bulk = BulkEndpoints(account)

    async def get_link(request: Request) -> object:
        return good(account.find(request.path_params["domain"], request.path_params["alias"]).to_full_json())

    async def delete_link(request: Request) -> object:
        return good(writes.delete(account, request.path_params))

    own: dict[str, tuple[str, Endpoint]] = {
        "GET /alias/{domain}/{alias}": ("read", get_link),
        "DELETE /alias/{domain}/{alias}": ("delete", delete_link),
        "POST /bulk": ("bulk", bulk.start),
        "GET /bulk/{id}/status": ("bulk", bulk.read_status),
        "GET /bulk/{id}/report": ("bulk", bulk.read_report),
    }
    reads = {line: (tick, _reading(account, read)) for line, (tick, read) in _READS.items()}
    changes = {line: (tick, _writing(account, write)) for line, (tick, write) in _WRITES.items()}
    routes = {line: _permitted(account, tick, answer) for line, (tick, answer) in {**own, **reads, **changes}.items()}
    return json_app(routes, lambda _: None, _NOT_FOUND)


def _permitted(account: Account, tick: str, answer: Endpoint) -> Endpoint:
    async def permitted(request: Request) -> object:
        account.require(request, tick)
        return await answer(request)

    return permitted


def _reading(account: Account, read: Read) -> Endpoint:
    async def answer(request: Request) -> object:
        return await read(account, request)

    return answer


def _writing(account: Account, write: writes.Write) -> Endpoint:
    async def answer(request: Request) -> object:
        return good(write(account, await json_object(request) or {}))

    return answer
