"""Cutt.ly's emulator, from the document of the Team API: one URL, a key in the query, and JSON as PHP writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from linkweave.providers.cuttly.emulator.edits import UNKNOWN, EditRequest, edit
from linkweave.providers.cuttly.emulator.forms import form_fields
from linkweave.providers.cuttly.emulator.links import DEMO_DOMAIN, Period, parse_date
from linkweave.providers.cuttly.emulator.responses import bare_text, edited, php_json, refusal, statistics
from linkweave.providers.cuttly.emulator.shorten import shorten
from linkweave.providers.cuttly.emulator.team import Team
from linkweave.providers.emulator_kit import CallLog, EmulatorOptions

__all__ = ["DEMO_DOMAIN", "DEMO_KEY", "ENTERPRISE_KEY", "EXPIRED_KEY", "SINGLE_KEY", "create_emulator"]

DEMO_KEY: Final = "sandbox-cuttly-key"
ENTERPRISE_KEY: Final = "sandbox-cuttly-enterprise-key"
SINGLE_KEY: Final = "sandbox-cuttly-single-key"
EXPIRED_KEY: Final = "sandbox-cuttly-expired-key"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The rights of a key. `log` counts its calls."""

    log: CallLog
    enterprise: bool = False
    single: bool = False
    expired: bool = False


class Cuttly:
    """One team's links, for several keys of different subscriptions."""

    def __init__(self, options: EmulatorOptions) -> None:
        self.team = Team(options.clock)
        self._subscriptions: Mapping[str, Subscription] = MappingProxyType(
            {
                DEMO_KEY: Subscription(CallLog(180, 60, options)),
                ENTERPRISE_KEY: Subscription(CallLog(360, 60, options), enterprise=True),
                SINGLE_KEY: Subscription(CallLog(180, 60, options), single=True),
                EXPIRED_KEY: Subscription(CallLog(180, 60, options), expired=True),
            }
        )

    async def index(self, request: Request) -> Response:
        """The only endpoint: `action` names the operation."""
        query = request.query_params
        subscription = self._subscriptions.get(query.get("key", ""))
        if subscription is None:
            return php_json({"auth": False}, 401)
        refused = _refused(query, subscription)
        if refused is not None:
            return refused
        match query["action"]:
            case "shorten":
                return shorten(self.team, query, enterprise=subscription.enterprise)
            case "edit":
                return self._edit(query, await form_fields(request), subscription)
            case _:
                return self._stats(query, subscription)

    def _edit(self, query: Mapping[str, str], form: Mapping[str, str], subscription: Subscription) -> Response:
        link = self.team.find(query["url"])
        if link is None:
            return php_json({"status": UNKNOWN})
        outcome = edit(EditRequest(self.team, link, query, form, subscription.single))
        return php_json(edited(link, outcome)) if isinstance(outcome, int) else outcome

    def _stats(self, query: Mapping[str, str], subscription: Subscription) -> Response:
        dates = [query[name] for name in ("date_from", "date_to") if name in query]
        if dates and subscription.single:
            return bare_text("Insufficient subscription level")
        if any(parse_date(value) is None for value in dates):
            return bare_text("Incorrect date format")
        link = self.team.find(query["url"])
        if link is None:
            return php_json({"stats": {"status": 0}})
        period = Period(parse_date(query.get("date_from", "")), parse_date(query.get("date_to", "")))
        # The media type of the vendor is not always that of JSON; half of the links have another one.
        media_type = "text/html; charset=UTF-8" if link.style % 2 else "application/json"
        return php_json({"stats": statistics(link, period)}, media_type=media_type)


def create_emulator(options: EmulatorOptions) -> Starlette:
    """Creates an emulator with 15 links of one team, made before the clock's current time.

    `app.state.team` has all settings of the team's links. No answer has all of them.
    """
    cuttly = Cuttly(options)
    app = Starlette(routes=[Route("/team/API/index.php", cuttly.index, methods=["GET", "POST"])])
    app.state.team = cuttly.team
    return app


def _refused(query: Mapping[str, str], subscription: Subscription) -> Response | None:
    """The refusal of a call before its action is looked at; None where the call may go on."""
    if not subscription.log.admits():
        return PlainTextResponse("Too Many Requests", 429)
    if subscription.expired:
        return refusal(401, "Subscription has expired")
    if query.get("action") not in {"shorten", "edit", "stats"}:
        return refusal(400, "Incorrect action")
    return None if query.get("url") else refusal(400, "Url parameter is null")
