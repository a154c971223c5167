"""What layers say to each other about a request: entries of `scope["state"]`, and who writes each.

"request_id" (str): the outermost layer, watch.py. "caller" (edge.callers.Caller): authentication; absent where the
request was turned away before it was known. What is told in the operation's log line goes into its tally instead, see
observability/tally.py: it is reached from below the edge too.
"""

from typing import Final

from starlette.types import Scope

UNKNOWN: Final = "unknown"


def request_id(scope: Scope) -> str:
    """The id of the request; empty where nobody gave it one."""
    given: str = scope.get("state", {}).get("request_id", "")
    return given


def client_name(scope: Scope) -> str:
    """Who asks, by the caller's name; UNKNOWN where that was not found out."""
    caller = scope.get("state", {}).get("caller")
    return UNKNOWN if caller is None else str(caller.name)
