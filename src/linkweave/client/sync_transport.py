"""Sends operations, for programs without asyncio."""

from collections.abc import Generator, Mapping
from typing import Any, Self

import httpx2
import stamina

from linkweave.client.answers import (
    TIMEOUT,
    check_outage,
    failures_named,
    headers_of,
    is_stream,
    read_data,
    read_event,
    stream_refusal,
)
from linkweave.client.operation_request import operation_request


class SyncTransport:
    """One gateway, and the connections to it. Close it, or use it in `with`."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        attempts: int = 3,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """`url` is that of `/graphql`. `attempts` is how often a request is sent that may be repeated.

        Raises:
            ValueError: `token` has characters that no token has.
        """
        self._url = url
        self._attempts = attempts
        self._http = httpx2.Client(headers=headers_of(token), timeout=TIMEOUT, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections, and ends the subscriptions."""
        self._http.close()

    def execute(
        self, query: str, operation_name: str, variables: Mapping[str, object], **kwargs: Any
    ) -> httpx2.Response:
        """Sends one operation, like `AsyncTransport.execute`.

        Raises:
            LinkweaveError: The gateway was not reached, or has failed.
        """
        request = operation_request(query, operation_name, variables)
        for attempt in stamina.retry_context(on=request.may_follow, attempts=self._attempts):
            with attempt, failures_named():
                response = self._http.post(self._url, **request.content(), **kwargs)
                check_outage(response)
        return response

    def get_data(self, response: httpx2.Response) -> Mapping[str, Any]:
        """Returns the data of an answer.

        Raises:
            OperationError: The answer has errors.
            HttpStatusError: It is none of GraphQL.
        """
        return read_data(response)

    def subscribe(
        self, query: str, operation_name: str, variables: Mapping[str, object], **kwargs: Any
    ) -> Generator[Mapping[str, Any], None, None]:
        """Yields the data of each event, by server-sent events.

        Raises:
            LinkweaveError: The subscription was refused, or has ended for a reason.
        """
        body = operation_request(query, operation_name, variables).body
        with failures_named(), self._http.sse(self._url, method="POST", json=body, **kwargs) as source:
            if not is_stream(source.response):
                source.response.read()
                raise stream_refusal(source.response)
            for event in source:
                if event.event == "next":
                    yield read_event(event.data, source.response)
