"""`/hooks/{account}/{token}`: where vendors' webhooks come in. The token is in no log, metric or trace."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from linkweave.edge.http.body_limits import BodyRefusedError
from linkweave.edge.http.responses import error_response
from linkweave.edge.webhooks.webhook_requests import read_webhook_request
from linkweave.errors import ErrorCode
from linkweave.gather.webhooks.intake import WebhookIntake
from linkweave.observability import Observer
from linkweave.providers.webhook_capabilities import (
    CanReceiveWebhooks,
    WebhookForgedError,
    WebhookNews,
    WebhookRefusedError,
    WebhookRequest,
)
from linkweave.settings import HooksSettings
from linkweave.settings.hooks import HOOKS_PATH
from linkweave.storage.interfaces import Claims
from linkweave.storage.outages import StoreDownError

# Equal bodies without an id are one event within a minute. An event with an id is one for as long as vendors try again.
BODY_SECONDS: Final = 60.0
EVENT_SECONDS: Final = 86_400.0
_SEEN: Final = b"1"
_NO_STORE: Final = {"cache-control": "no-store"}
UNKNOWN: Final = "unknown"
"""The account in metrics where the address is none."""


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Answers vendors. `receivers` are the adapters of the accounts whose vendors send webhooks, by account."""

    settings: HooksSettings
    receivers: Mapping[str, CanReceiveWebhooks]
    intake: WebhookIntake
    claims: Claims
    observer: Observer

    def route(self) -> Route:
        """Returns the route. An object answers, because Starlette would wrap a function and choose the methods."""
        return Route(f"{HOOKS_PATH}/{{account}}/{{token}}", _App(self))

    async def respond(self, request: Request) -> Response:
        """Returns the answer: at once, before anything of the webhook is checked at the vendor."""
        account, receiver = self._receiver(request)
        if receiver is None:
            return self._answer(UNKNOWN, "unknown", 404, "There is nothing here.")
        if request.method not in receiver.webhook_methods:
            methods = ", ".join(sorted(receiver.webhook_methods))
            return self._answer(account, "refused", 405, f"Send the webhook with {methods}.", {"allow": methods})
        try:
            webhook = await read_webhook_request(request)
            news = receiver.read_webhook(webhook)
        except (BodyRefusedError, WebhookRefusedError, ClientDisconnect, RecursionError) as error:
            return self._refuse(account, error)
        await self._take(account, webhook, news)
        return Response(status_code=200, headers=_NO_STORE)

    def _receiver(self, request: Request) -> tuple[str, CanReceiveWebhooks | None]:
        """Returns the adapter that reads the webhook; None where the token is wrong, or the account has none.

        Both take the same time.
        """
        account, given = request.path_params["account"], request.path_params["token"]
        expected = self.settings.token(account) or ""
        is_right = hmac.compare_digest(expected.encode(), given.encode()) and bool(expected)
        return account, self.receivers.get(account) if is_right else None

    async def _take(self, account: str, webhook: WebhookRequest, news: WebhookNews) -> None:
        if not news.hints:
            self.observer.webhook_received(account, "ignored")
        elif not await self._is_first(account, webhook, news):
            self.observer.webhook_received(account, "duplicate")
        else:
            self.observer.webhook_received(account, "accepted")
            self.intake.take(account, news.hints)

    async def _is_first(self, account: str, webhook: WebhookRequest, news: WebhookNews) -> bool:
        told = webhook.body if news.event_id is None else news.event_id.encode(errors="replace")
        digest = sha256(account.encode() + b"\0" + told).hexdigest()
        seconds = BODY_SECONDS if news.event_id is None else EVENT_SECONDS
        try:
            return await self.claims.claim(f"webhook:{digest}", None, _SEEN, seconds)
        except StoreDownError:
            # An event that is told twice is better than one that is lost.
            return True

    def _refuse(self, account: str, error: Exception) -> Response:
        if isinstance(error, BodyRefusedError):
            return self._answer(account, "refused", error.status, str(error), error.headers)
        if isinstance(error, WebhookForgedError):
            return self._answer(account, "forged", 401, f"The webhook is not accepted: {error}.")
        if isinstance(error, ClientDisconnect):
            return self._answer(account, "refused", 400, "The body is not complete.")
        problem = "the body is nested too deeply" if isinstance(error, RecursionError) else str(error)
        return self._answer(account, "refused", 400, f"The webhook is not accepted: {problem}.")

    def _answer(
        self, account: str, outcome: str, status: int, message: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        self.observer.webhook_received(account, outcome)
        code = ErrorCode.NOT_FOUND if account == UNKNOWN else ErrorCode.INVALID_INPUT
        return error_response(status, message, code=code, headers={**_NO_STORE, **(headers or {})})


@dataclass(frozen=True, slots=True)
class _App:
    endpoint: WebhookEndpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.endpoint.respond(Request(scope, receive))
        await response(scope, receive, send)
