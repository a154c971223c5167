"""ShortenWorld's emulator, from its document alone. What the document leaves open is marked INFERRED."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortenworld.emulator.analytics import analytics
from linkweave.providers.shortenworld.emulator.calls import Call, Endpoint
from linkweave.providers.shortenworld.emulator.links import (
    create_link,
    delete_link,
    redirect_link,
    redirect_mobile,
    set_expiration,
    set_password,
    set_testing,
    update_link,
)
from linkweave.providers.shortenworld.emulator.lists import (
    list_campaigns,
    list_domains,
    list_link_trackers,
    list_links,
    list_team_trackers,
    list_teams,
    list_trackers,
)
from linkweave.providers.shortenworld.emulator.logins import FREE_USERNAME, SANDBOX_KEY, SANDBOX_USERNAME, Logins
from linkweave.providers.shortenworld.emulator.responses import RefusedError, Responses
from linkweave.providers.shortenworld.emulator.state import seeded
from linkweave.providers.shortenworld.emulator.tokens import refresh, revoke, token
from linkweave.providers.shortenworld.emulator.trackers import create_link_tracker, delete_link_tracker

__all__ = ["FREE_USERNAME", "SANDBOX_KEY", "SANDBOX_USERNAME", "create_emulator"]

# The paths of the token and of Create link are those of a public client. The others are INFERRED by their pattern.
_OPEN = (("POST", "/authen/token", token), ("POST", "/authen/refresh", refresh))
_SIGNED = (
    ("POST", "/authen/revoke", revoke),
    ("GET", "/entity/team/list", list_teams),
    ("GET", "/entity/campaign/list", list_campaigns),
    ("GET", "/entity/domain/list", list_domains),
    ("GET", "/entity/link/list", list_links),
    ("GET", "/entity/tracker/list", list_trackers),
    ("GET", "/entity/team-tracker/list", list_team_trackers),
    ("GET", "/entity/link-tracker/list", list_link_trackers),
    ("GET", "/entity/link/analytics", analytics),
    ("POST", "/entity/link/create", create_link),
    ("PUT", "/entity/link/update", update_link),
    ("PUT", "/entity/link/redirect", redirect_link),
    ("PUT", "/entity/link/redirect-mobile", redirect_mobile),
    ("PUT", "/entity/link/expiration", set_expiration),
    ("PUT", "/entity/link/password", set_password),
    ("PUT", "/entity/link/testing", set_testing),
    ("DELETE", "/entity/link/delete", delete_link),
    ("POST", "/entity/link-tracker/create", create_link_tracker),
    ("DELETE", "/entity/link-tracker/delete", delete_link_tracker),
)


def create_emulator(options: EmulatorOptions) -> Starlette:
    """Creates an emulator with two teams' links, served below the version (`/v1` is in the base URL).

    The vendor's limits per plan are not documented, so the emulator has none. Failed logins are always throttled.
    """
    state = seeded(options.clock)
    logins = Logins(options.clock)
    responses = Responses(options.clock)

    def route(method: str, path: str, endpoint: Endpoint, *, signed: bool) -> Route:
        async def answer(request: Request) -> Response:
            try:
                call = await Call.from_request(request, state, logins)
                if signed:
                    call.check_token()
                return responses.good(endpoint(call))
            except RefusedError as refused:
                return responses.refusal(refused)

        return Route(path, answer, methods=[method])

    return Starlette(
        routes=[
            *(route(method, path, endpoint, signed=False) for method, path, endpoint in _OPEN),
            *(route(method, path, endpoint, signed=True) for method, path, endpoint in _SIGNED),
        ],
    )
