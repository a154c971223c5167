"""The layer that puts documents into requests that only name them, so that all layers below see whole requests."""

from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.http.content_negotiation import negotiated_format
from linkweave.edge.http.request_parsing import ParsedRequest, parsed_request
from linkweave.edge.http.request_state import NAMED_DOCUMENT, PARSED, state_of
from linkweave.edge.persisted_queries.lookup import PersistedDocuments, PersistedQueryError


class PersistedQueryMiddleware:
    """Completes the requests to `app` from `documents`. A request with files must bring its document itself."""

    def __init__(self, app: ASGIApp, documents: PersistedDocuments) -> None:
        self._app = app
        self._documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its document in it."""
        parsed = parsed_request(scope)
        if parsed is not None:
            try:
                members = await self._documents.complete(parsed.members)
            except PersistedQueryError as error:
                await error.response(negotiated_format(scope))(scope, receive, send)
                return
            if members is not parsed.members:
                state_of(scope).update({PARSED: ParsedRequest(members), NAMED_DOCUMENT: True})
        await self._app(scope, receive, send)
