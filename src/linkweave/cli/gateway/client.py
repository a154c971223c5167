"""Sends operations to a gateway and returns its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import click
import httpx2
import orjson

_HEADERS: Final = {
    "accept": "application/graphql-response+json, application/json;q=0.9",
    "content-type": "application/json",
}
_UNAUTHENTICATED: Final = 401


def fits_a_header(value: str) -> bool:
    """Whether a request can have `value` in a header. If not, httpx2 fails, with an error that shows the value."""
    return value.isascii() and value.isprintable()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an operation: its data, its errors, and the body that has both."""

    data: Any
    errors: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GatewayClient:
    """Sends operations to the GraphQL endpoint at `url`, each with `headers`."""

    http: httpx2.AsyncClient
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def send(
        self, document: str, variables: Mapping[str, Any] | None = None, operation: str | None = None
    ) -> Answer:
        """Returns the answer to `document`.

        Raises:
            ClickException: the gateway cannot be reached, refuses the token, or is no gateway.
        """
        request = {"query": document, "variables": variables or {}, "operationName": operation}
        try:
            response = await self.http.post(
                self.url, content=orjson.dumps(request), headers={**_HEADERS, **self.headers}
            )
        except httpx2.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise click.ClickException(f"the gateway at {self.url} cannot be reached: {reason}") from None
        body = _parse(response.content)
        if body is None:
            kind = response.headers.get("content-type", "no content type")
            raise click.ClickException(
                f"{self.url} does not answer as a GraphQL endpoint: HTTP {response.status_code}, {kind}"
            )
        errors = tuple(body.get("errors") or ())
        if response.status_code == _UNAUTHENTICATED:
            told = next((str(error.get("message")) for error in errors), "this gateway requires authentication.")
            raise click.ClickException(f"{told} This command sends the token in the variable LINKWEAVE_TOKEN.")
        return Answer(body.get("data"), errors, body)

    async def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Returns the data of an answer that must have no errors.

        Raises:
            ClickException: it has one, or there is no answer, as `send` says.
        """
        answer = await self.send(document, variables)
        if answer.errors:
            raise click.ClickException(error_line(answer.errors[0]))
        data: Mapping[str, Any] = answer.data
        return data


def _parse(content: bytes) -> Mapping[str, Any] | None:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    errors = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not body.keys() & {"data", "errors"}:
        return None
    is_list = errors is None or (isinstance(errors, list) and all(isinstance(error, dict) for error in errors))
    return body if is_list else None


def error_line(error: Mapping[str, Any]) -> str:
    """Returns a GraphQL error as one line: its path, its message and its code."""
    path = ".".join(str(step) for step in error.get("path") or ())
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    words = f"{path}: {error.get('message')}" if path else str(error.get("message"))
    return words if code is None else f"{words} ({code})"
