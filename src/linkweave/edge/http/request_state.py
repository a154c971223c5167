"""What layers say to each other about a request: entries of `scope["state"]`, and who writes each.

"request_id" (str): watch.py. "caller" (edge.callers.Caller): authentication; absent where the
request was turned away before it was known. "has_come" (bool): the server, see connections.py. "kept" (Entry): the
operation cache, where the answer is one of its entries. What is told in the operation's log line goes into its tally
instead, see observability/tally.py: it is reached from below the edge too.
"""

from typing import Any, Final

from starlette.types import Scope

UNKNOWN: Final = "unknown"
CALLER: Final = "caller"
REQUEST_ID: Final = "request_id"
HAS_COME: Final = "has_come"
KEPT: Final = "kept"


def state_of(scope: Scope) -> dict[str, Any]:
    """What the layers have written until now."""
    state: dict[str, Any] = scope.setdefault("state", {})
    return state


def has_come(scope: Scope) -> bool:
    """Whether the whole body is here, so that reading it waits for nothing. Not every server tells."""
    return HAS_COME in scope.get("state", ())


def request_id(scope: Scope) -> str:
    """The id of the request; empty where nobody gave it one."""
    given: str = scope.get("state", {}).get(REQUEST_ID, "")
    return given


def client_name(scope: Scope) -> str:
    """Who asks, by the caller's name; UNKNOWN where that was not found out."""
    caller = scope.get("state", {}).get(CALLER)
    return UNKNOWN if caller is None else str(caller.name)
