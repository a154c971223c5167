"""A YOURLS 1.10 site in this process, written from its recorded answers and what was found in its source."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.providers.emulator_kit import EmulatorOptions, RefusedError
from linkweave.providers.yourls.emulator.actions import perform
from linkweave.providers.yourls.emulator.formats import formatted
from linkweave.providers.yourls.emulator.logins import require_login
from linkweave.providers.yourls.emulator.seed import seeded
from linkweave.providers.yourls.emulator.site import Site

__all__ = ["create_emulator", "emulate"]

_NOT_FOUND: Final = 404


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A site with some hundred links, served at the site's own address. A logged-in caller has no rate limit."""
    return emulate(seeded(options))


def emulate(site: Site) -> Starlette:
    """A server of this one site."""

    async def answer(request: Request) -> Response:
        fields = await _fields(request)
        try:
            require_login(fields, site.clock.now())
            return formatted(perform(site, fields), fields)
        except RefusedError as refusal:
            return formatted(refusal.body, fields, refusal.status)

    async def no_page(_: Request, __: Exception) -> Response:
        return Response("<h1>Not Found</h1>", _NOT_FOUND, media_type="text/html")

    route = Route("/yourls-api.php", answer, methods=["GET", "POST"])
    return Starlette(routes=[route], exception_handlers={HTTPException: no_page})


async def _fields(request: Request) -> Mapping[str, str]:
    """The fields of the query and of the form."""
    form = parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return {**request.query_params, **dict(form)}
