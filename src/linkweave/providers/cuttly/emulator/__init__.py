"""Pretends to be Cutt.ly's Team API, from the vendor's document: one URL, a key in the query, PHP's ways with JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from linkweave.providers.cuttly.emulator.answers import bare_text, edited, php_json, refusal, statistics
from linkweave.providers.cuttly.emulator.editing import UNKNOWN, Asked, edit
from linkweave.providers.cuttly.emulator.forms import form_fields
from linkweave.providers.cuttly.emulator.links import DEMO_DOMAIN, Period, parse_date
from linkweave.providers.cuttly.emulator.shortening import shorten
from linkweave.providers.cuttly.emulator.team import Team
from linkweave.providers.emulator_kit import CallLog, EmulatorOptions

__all__ = ["DEMO_DOMAIN", "DEMO_KEY", "ENTERPRISE_KEY", "EXPIRED_KEY", "SINGLE_KEY", "create_emulator"]

DEMO_KEY: Final = "sandbox-cuttly-key"
ENTERPRISE_KEY: Final = "sandbox-cuttly-enterprise-key"
SINGLE_KEY: Final = "sandbox-cuttly-single-key"
EXPIRED_KEY: Final = "sandbox-cuttly-expired-key"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a key may do. `log` counts its calls."""

    log: CallLog
    enterprise: bool = False
    single: bool = False
    expired: bool = False


class Cuttly:
    """One team's links, behind several keys of different subscriptions."""

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
        """Everything there is: `action` says what is wanted."""
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
        outcome = edit(Asked(self.team, link, query, form, subscription.single))
        return php_json(edited(link, outcome)) if isinstance(outcome, int) else outcome

    def _stats(self, query: Mapping[str, str], subscription: Subscription) -> Response:
        asked = [query[name] for name in ("date_from", "date_to") if name in query]
        if asked and subscription.single:
            return bare_text("Insufficient subscription level")
        if any(parse_date(value) is None for value in asked):
            return bare_text("Incorrect date format")
        link = self.team.find(query["url"])
        if link is None:
            return php_json({"stats": {"status": 0}})
        period = Period(parse_date(query.get("date_from", "")), parse_date(query.get("date_to", "")))
        # The vendor's type is not always JSON's; half of the links say so.
        media_type = "text/html; charset=UTF-8" if link.style % 2 else "application/json"
        return php_json({"stats": statistics(link, period)}, media_type=media_type)


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A fresh Cutt.ly with about 15 links of one team, seen from the clock's present.

    `app.state.team` is what the team has, also what no answer tells.
    """
    cuttly = Cuttly(options)
    app = Starlette(routes=[Route("/team/API/index.php", cuttly.index, methods=["GET", "POST"])])
    app.state.team = cuttly.team
    return app


def _refused(query: Mapping[str, str], subscription: Subscription) -> Response | None:
    """What keeps a call from being looked at."""
    if not subscription.log.admits():
        return PlainTextResponse("Too Many Requests", 429)
    if subscription.expired:
        return refusal(401, "Subscription has expired")
    if query.get("action") not in {"shorten", "edit", "stats"}:
        return refusal(400, "Incorrect action")
    return None if query.get("url") else refusal(400, "Url parameter is null")
