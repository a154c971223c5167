"""Requests as the endpoints see them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from starlette.requests import Request

from linkweave.providers.shortenworld.emulator.logins import FREE_USERNAME, Logins
from linkweave.providers.shortenworld.emulator.responses import Body, RefusedError
from linkweave.providers.shortenworld.emulator.state import SavedLink, State

# Numbers of refusals (INFERRED).
BAD_REQUEST = 400
MISSING_PARAMETER = 1
UNKNOWN_THING = 2
BAD_DATE = 3

DAY_FORMAT = "%d/%m/%Y"  # DOC


@dataclass(frozen=True)
class Call:
    """Parameters from query or JSON body, the bearer token, and the state that the endpoints work on."""

    parameters: Mapping[str, object]
    bearer: str
    state: State
    logins: Logins

    @classmethod
    async def from_request(cls, request: Request, state: State, logins: Logins) -> "Call":
        """The call that a request makes.

        Raises:
            RefusedError: the request has no `Content-Type: application/json` (DOC: required on every call), or its
                body is no JSON object.
        """
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise RefusedError(BAD_REQUEST, "Content-Type must be application/json")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        parameters = {**request.query_params, **_object(await request.body())}
        return cls(parameters, token if scheme == "Bearer" else "", state, logins)

    def check_token(self) -> None:
        """Checks the bearer token.

        Raises:
            RefusedError: it is not good (401).
        """
        if self.logins.user_of(self.bearer) is None:
            raise RefusedError(401, "Unauthorized", http=401)

    @property
    def on_free_plan(self) -> bool:
        """Whether the user pays nothing."""
        return self.logins.user_of(self.bearer) == FREE_USERNAME

    def text(self, name: str) -> str:
        """A required parameter.

        Raises:
            RefusedError: it is missing or no string.
        """
        value = self.parameters.get(name)
        if not isinstance(value, str) or not value:
            raise RefusedError(MISSING_PARAMETER, f"{name} is required")
        return value

    def optional(self, name: str) -> str | None:
        """An optional parameter that is a string, which may be empty.

        Raises:
            RefusedError: it is no string.
        """
        value = self.parameters.get(name)
        if value is not None and not isinstance(value, str):
            raise RefusedError(MISSING_PARAMETER, f"{name} must be a string")
        return value

    def link(self) -> SavedLink:
        """The link of the parameter `linkId`.

        Raises:
            RefusedError: there is none.
        """
        link = self.state.link(self.text("linkId"))
        if link is None:
            raise RefusedError(UNKNOWN_THING, "Link not found")
        return link

    def words(self, name: str) -> list[str] | None:
        """An optional parameter that has strings between commas."""
        value = self.parameters.get(name)
        return value.split(",") if isinstance(value, str) and value else None

    def number(self, name: str, default: int) -> int:
        """An optional parameter that is a number.

        Raises:
            RefusedError: it is none.
        """
        value = str(self.parameters.get(name, default))
        if not (value.isascii() and value.isdigit()):
            raise RefusedError(MISSING_PARAMETER, f"{name} must be a number")
        return int(value)

    def day(self, name: str) -> date | None:
        """An optional parameter that is a day: dd/MM/yyyy (DOC).

        Raises:
            RefusedError: it is none.
        """
        text = str(self.parameters.get(name, ""))
        if not text:
            return None
        try:
            return datetime.strptime(text, DAY_FORMAT).replace(tzinfo=UTC).date()
        except ValueError:
            raise RefusedError(BAD_DATE, f"{name} must be a date like 31/12/2026") from None


Endpoint: TypeAlias = Callable[[Call], Body]


def _object(body: bytes) -> dict[str, object]:
    if not body:
        return {}
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise RefusedError(BAD_REQUEST, "The body must be a JSON object")
    return data
