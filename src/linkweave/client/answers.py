"""Reads the gateway's answers, and names what went wrong."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import httpx2

from linkweave.client.errors import GraphQLError, HttpStatusError, LinkweaveError, OperationError, UnreachableError

# A form with files needs a header that no page of another origin can send unasked.
HEADERS: Final = {"Accept": "application/graphql-response+json", "GraphQL-Require-Preflight": "true"}
# The gateway says every 10 to 20 seconds that a stream lives, and gives an operation less than a minute.
TIMEOUT: Final = httpx2.Timeout(60, connect=10)
_UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


def headers_of(token: str | None) -> dict[str, str]:
    """Returns the headers of every request.

    Raises:
        ValueError: `token` has characters that no token has. An error of httpx2 would show it.
    """
    if token is None:
        return HEADERS
    if not (token.isascii() and token.isprintable()):
        message = "the token has characters that no token has, such as a line break"
        raise ValueError(message)
    return {**HEADERS, "Authorization": f"Bearer {token}"}


@contextmanager
def failures_named() -> Iterator[None]:
    """Turns failures of the connection into UnreachableError.

    Raises:
        UnreachableError: The gateway could not be reached, or the connection broke.
    """
    try:
        yield
    except httpx2.TransportError as error:
        reason = f"{type(error).__name__}: {error}"
        raise UnreachableError(reason, sent=not isinstance(error, _UNSENT)) from error


def read_data(response: httpx2.Response) -> Mapping[str, Any]:
    """Returns the data of an answer in one piece.

    Raises:
        OperationError: The answer has errors.
        HttpStatusError: It is none of GraphQL.
    """
    return _data(_answer(response.text), response)


def read_event(text: str, response: httpx2.Response) -> Mapping[str, Any]:
    """Returns the data of one event of a stream.

    Raises:
        OperationError: The event has errors, such as the reason why the stream ends.
        HttpStatusError: It is none of GraphQL.
    """
    return _data(_answer(text), response)


def check_outage(response: httpx2.Response) -> None:
    """Raises what a failed exchange means, so that a request that may be repeated is.

    Raises:
        LinkweaveError: The status says that the gateway, or a proxy in front of it, has failed.
    """
    if response.is_server_error:
        read_data(response)
        raise HttpStatusError(response.status_code)


def stream_refusal(response: httpx2.Response) -> LinkweaveError:
    """Returns why the answer to a subscription is no stream."""
    try:
        read_data(response)
    except LinkweaveError as error:
        return error
    return HttpStatusError(response.status_code)


def is_stream(response: httpx2.Response) -> bool:
    """Whether the answer is a stream of server-sent events."""
    return response.headers.get("content-type", "").startswith("text/event-stream")


def _answer(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _data(answer: Any, response: httpx2.Response) -> Mapping[str, Any]:
    if not isinstance(answer, dict) or not answer.keys() & {"data", "errors"}:
        raise HttpStatusError(response.status_code)
    data = answer.get("data")
    if errors := answer.get("errors"):
        seconds = response.headers.get("retry-after", "")
        retry_after = float(seconds) if seconds.isdigit() else None
        raise OperationError([GraphQLError.read(error) for error in errors], data, response.status_code, retry_after)
    return dict(data or {})
