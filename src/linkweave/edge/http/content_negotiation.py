"""Which of the media types that the gateway writes a caller takes, from its `Accept` header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
HTML: Final = "text/html"
PARTS: Final = "multipart/mixed"

_ANYTHING: Final = "*/*"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a caller wants to be answered: in one piece as `media_type`, and whether parts of an answer may follow."""

    media_type: str = JSON
    in_parts: bool = False

    @property
    def tells_by_status(self) -> bool:
        """Whether the status says that nothing was executed. Who takes plain JSON reads 200, and the errors."""
        return self.media_type == GRAPHQL_JSON


def accept_of(scope: Scope) -> str | None:
    """The `Accept` header of a request, in one if it came in several."""
    return b", ".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1") or None


def wanted_by(scope: Scope) -> Wanted | None:
    """As `wanted`, of a request. It is kept in the request's state as "wanted", because several ask."""
    state = scope.setdefault("state", {})
    if "wanted" not in state:
        state["wanted"] = wanted(accept_of(scope))
    found: Wanted | None = state["wanted"]
    return found


def wanted(accept: str | None) -> Wanted | None:
    """What a caller with this `Accept` header gets; None if nothing that the gateway writes is acceptable.

    Who names no preference gets plain JSON. Parts are for those who name their type: `*/*` does not.
    """
    ranges = _ranges(accept)
    in_parts = max(ranges.get(PARTS, 0), ranges.get("multipart/*", 0)) > 0
    modern, plain = _preference(ranges, GRAPHQL_JSON), _preference(ranges, JSON)
    # Between equals, the one that was named goes before the one that a wildcard allows.
    if modern[0] > 0 and modern >= plain and (modern > plain or modern[1] == _NAMED):
        return Wanted(GRAPHQL_JSON, in_parts)
    # Who takes parts alone is answered in one piece where there is one: nobody else could say what went wrong.
    return Wanted(JSON, in_parts) if plain[0] > 0 or in_parts else None


def wants_page(accept: str | None) -> bool:
    """Whether a page for people is at least as welcome as JSON. Without the header it is not."""
    ranges = _ranges(accept) if accept else {}
    page = _preference(ranges, HTML)
    return page[0] > 0 and page >= max(_preference(ranges, JSON), _preference(ranges, GRAPHQL_JSON))


_NAMED: Final = 2


def _preference(ranges: Mapping[str, float], media_type: str) -> tuple[float, int]:
    """How welcome a type is, and by how exact a range: by its name, by its kind, by anything."""
    kind = media_type.partition("/")[0]
    for exactness, name in ((_NAMED, media_type), (1, f"{kind}/*"), (0, _ANYTHING)):
        if name in ranges:
            return ranges[name], exactness
    return 0.0, 0


def _ranges(accept: str | None) -> dict[str, float]:
    """The media ranges of the header with their weights; parameters of a type are not looked at."""
    ranges: dict[str, float] = {}
    for name, weight in _weighted(accept or _ANYTHING):
        ranges[name] = max(weight, ranges.get(name, 0.0))
    return ranges or {_ANYTHING: 1.0}


def _weighted(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            yield _ANYTHING if name == "*" else name, _weight(parameters)


def _weight(parameters: list[str]) -> float:
    """The `q` among a range's parameters, from 0 to 1; 1 where there is none that is a number."""
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 1.0
    return 1.0
