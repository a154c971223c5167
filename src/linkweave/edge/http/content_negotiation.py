"""Content negotiation: which of the media types that the gateway writes an `Accept` header accepts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from starlette.types import Scope

from linkweave.edge.http.incremental_delivery import IncrementalFormat
from linkweave.edge.http.request_state import RESPONSE_FORMAT, state_of

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
HTML: Final = "text/html"
MULTIPART_MIXED: Final = "multipart/mixed"
EVENT_STREAM: Final = "text/event-stream"

_ANYTHING: Final = "*/*"
_SUBSCRIPTION: Final = "subscriptionspec="
_FORMAT_PARAMETERS: Final = ("deferspec=", "incrementalspec=", "subscriptionspec=")


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    """The media type of a whole answer, and the format in which it may be delivered in parts instead."""

    media_type: str = JSON
    incremental: IncrementalFormat | None = None

    @property
    def uses_status(self) -> bool:
        """Whether an answer without data says that nothing was executed. With plain JSON only the errors say it."""
        return self.media_type in {GRAPHQL_JSON, EVENT_STREAM}


def accept_of(scope: Scope) -> str | None:
    """Returns the `Accept` header of a request; several are joined."""
    return b", ".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1") or None


def accepted_format(scope: Scope) -> ResponseFormat | None:
    """Returns `negotiate`'s result for a request, and stores it in the request's state for the other layers."""
    state = state_of(scope)
    if RESPONSE_FORMAT not in state:
        state[RESPONSE_FORMAT] = negotiate(accept_of(scope))
    found: ResponseFormat | None = state[RESPONSE_FORMAT]
    return found


def negotiated_format(scope: Scope) -> ResponseFormat:
    """Returns the format of an answer to the request: plain JSON if the gateway writes none that it accepts."""
    return accepted_format(scope) or ResponseFormat()


def negotiate(accept: str | None) -> ResponseFormat | None:
    """Returns the format for a caller with this `Accept` header; None if the gateway writes none that it accepts.

    Without a preference it is plain JSON. Parts are only for a caller that names their type: `*/*` does not.
    """
    ranges = _ranges(accept)
    incremental = _incremental_format(accept or "")
    modern, plain = _preference(ranges, GRAPHQL_JSON), _preference(ranges, JSON)
    # Of two equal preferences, a type that was named goes before one that a wildcard allows.
    if modern[0] > 0 and modern >= plain and (modern > plain or modern[1] == _NAMED):
        return ResponseFormat(GRAPHQL_JSON, incremental)
    # A caller that accepts nothing but parts gets plain JSON if there is only one part, for example an error.
    if plain[0] > 0 or incremental is not None or _SUBSCRIPTION in (accept or "").lower():
        return ResponseFormat(JSON, incremental)
    return ResponseFormat(EVENT_STREAM) if ranges.get(EVENT_STREAM, 0) > 0 else None


def _incremental_format(accept: str) -> IncrementalFormat | None:
    """Returns the preferred format of parts; None if the caller accepts none that the gateway writes."""
    wanted = [
        (weight, known)
        for name, weight, parameters in weighted_items(accept)
        if name in {MULTIPART_MIXED, "multipart/*"} and weight > 0
        if (known := _named_format(parameters)) is not None
    ]
    return max(wanted, key=itemgetter(0))[1] if wanted else None


def _named_format(parameters: Collection[str]) -> IncrementalFormat | None:
    """Returns the format that the parameters of a range name; None for one that the gateway does not write."""
    named = {each.replace(" ", "").replace('"', "") for each in parameters}
    named = {each for each in named if each.startswith(_FORMAT_PARAMETERS)}
    if not named:
        return IncrementalFormat.BOTH
    return next((each for each in IncrementalFormat if each.value.lower() in named), None)


def prefers_html(accept: str | None) -> bool:
    """Whether HTML is at least as welcome as JSON. Without the header it is not."""
    ranges = _ranges(accept) if accept else {}
    page = _preference(ranges, HTML)
    return page[0] > 0 and page >= max(_preference(ranges, JSON), _preference(ranges, GRAPHQL_JSON))


_NAMED: Final = 2


def _preference(ranges: Mapping[str, float], media_type: str) -> tuple[float, int]:
    """Returns the weight of a type, and how exactly its range names it: by its name, by its kind, or not at all."""
    kind = media_type.partition("/")[0]
    for exactness, name in ((_NAMED, media_type), (1, f"{kind}/*"), (0, _ANYTHING)):
        if name in ranges:
            return ranges[name], exactness
    return 0.0, 0


def _ranges(accept: str | None) -> dict[str, float]:
    """Returns the media ranges of the header with their weights. Parameters of a type are ignored."""
    ranges: dict[str, float] = {}
    for given, weight, _ in weighted_items(accept or _ANYTHING):
        name = _ANYTHING if given == "*" else given
        ranges[name] = max(weight, ranges.get(name, 0.0))
    return ranges or {_ANYTHING: 1.0}


def weighted_items(header: str) -> Iterator[tuple[str, float, list[str]]]:
    """Returns each item of a header such as `Accept` in lower case, with its weight and its parameters."""
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            yield name, _weight(parameters), parameters


def _weight(parameters: list[str]) -> float:
    """Returns the `q` among a range's parameters, from 0 to 1; 1 if there is none that is a number."""
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 1.0
    return 1.0
