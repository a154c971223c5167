"""Short.io's API in this process, with its two hosts, written from its document and what was found of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkweave.providers.emulator_kit import EmulatorOptions, Endpoint, RefusedError
from linkweave.providers.shortio.emulator.domains import DomainEndpoints
from linkweave.providers.shortio.emulator.links import LinkEndpoints
from linkweave.providers.shortio.emulator.marks import MarkEndpoints
from linkweave.providers.shortio.emulator.seed import seeded
from linkweave.providers.shortio.emulator.statistics import StatisticsEndpoints
from linkweave.providers.shortio.emulator.store import Store
from linkweave.providers.shortio.emulator.webhooks import WebhookEndpoints, click

__all__ = ["create_emulator", "emulate"]

_TOO_MANY: Final = 429


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A user with three domains and 220 links."""
    return emulate(seeded(options))


def emulate(store: Store) -> Starlette:
    """A server of this one user; both hosts are at the same address."""
    links, marks = LinkEndpoints(store), MarkEndpoints(store)
    domains, statistics = DomainEndpoints(store), StatisticsEndpoints(store)
    # The more special path of two comes first.
    endpoints: Mapping[str, tuple[str, Endpoint]] = {
        "GET /api/domains": ("list", domains.list_domains),
        "GET /domains/{id}": ("list", domains.get_domain),
        "POST /domains/settings/{id}": ("link", WebhookEndpoints(store).change_settings),
        "GET /api/links": ("list", links.list_links),
        "GET /links/expand": ("link", links.expand),
        "GET /links/{id}": ("link", links.get_link),
        "POST /links": ("create", links.create_link),
        "POST /links/bulk": ("bulk create", links.create_links),
        "DELETE /links/delete_bulk": ("bulk delete", links.delete_links),
        "POST /links/archive": ("list", marks.archive),
        "POST /links/unarchive": ("list", marks.unarchive),
        "POST /links/archive_bulk": ("list", marks.archive_several),
        "POST /links/unarchive_bulk": ("list", marks.unarchive_several),
        "POST /tags/bulk": ("list", marks.tag_several),
        "POST /links/{id}": ("link", links.update_link),
        "DELETE /links/{id}": ("link", links.delete_link),
        "GET /statistics/link/{id}": ("statistics", statistics.report),
        "GET /statistics/domain/{id}": ("statistics", statistics.domain_report),
        "POST /statistics/domain/{id}": ("statistics", statistics.domain_report),
        "GET /statistics/domain/{id}/link_clicks": ("statistics", statistics.link_clicks),
    }

    def answering(group: str, endpoint: Endpoint) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            store.admit(request, group)
            return JSONResponse(await endpoint(request))

        return answer

    routes = [
        Route(line.partition(" ")[2], answering(*endpoint), methods=[line.partition(" ")[0]])
        for line, endpoint in endpoints.items()
    ]
    app = Starlette(routes=routes, exception_handlers={RefusedError: _refuse, HTTPException: _refuse})
    app.router.redirect_slashes = False
    app.state.click = partial(click, store)
    app.state.set_webhook = store.webhook_urls.__setitem__
    return app


async def _refuse(_: Request, refusal: Exception) -> Response:
    """A refusal; one of too many calls has the vendor's headers (DOC)."""
    if not isinstance(refusal, RefusedError):
        return JSONResponse({"error": "Not found"}, 404)
    headers = {"retry-after": "1", "x-ratelimit-remaining": "0"} if refusal.status == _TOO_MANY else {}
    return JSONResponse(refusal.body, refusal.status, headers=headers)
