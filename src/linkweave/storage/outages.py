"""Why the server cannot be used, in words that name neither the server nor a secret."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from redis.exceptions import AuthenticationError, BusyLoadingError, RedisError


class OutageKind(Enum):
    """What the server does not do."""

    UNREACHABLE = "it does not answer"
    UNAUTHENTICATED = "it does not accept the credentials"
    REFUSING = "it answers, and refuses commands that Linkweave needs"


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a server cannot be used. `reason` is written after the server's name, such as "is a read-only replica"."""

    kind: OutageKind
    reason: str


class StoreDownError(Exception):
    """The server did not do what it was asked to, or was not asked because it is down. Holds no secret.

    `by_server` is False where this process was too slow, which says nothing about the server. `retry_after` is the
    seconds after which the next attempt makes sense; None if that is not known.
    """

    def __init__(
        self,
        message: str,
        outage: Outage | None = None,
        *,
        by_server: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.outage = outage or Outage(OutageKind.UNREACHABLE, "does not answer")
        self.by_server = by_server
        self.retry_after = retry_after


_NOT_ALLOWED: Final = "does not allow this user a command or a key that Linkweave needs (ACL)"
_CLUSTER: Final = "is a node of a cluster, and Linkweave needs a single server"

# Error codes of Valkey and Redis (DOC), and phrases of errors without a code of their own.
_CODES: Final = {
    "READONLY": "is a read-only replica",
    "MASTERDOWN": "is a replica without its primary",
    "OOM": "has no memory left (maxmemory), and its policy does not evict enough",
    "MISCONF": "cannot write to its disk (MISCONF)",
    "NOREPLICAS": "has fewer replicas than it must have (min-replicas-to-write)",
    "NOPERM": _NOT_ALLOWED,
    "MOVED": _CLUSTER,
    "ASK": _CLUSTER,
    "CROSSSLOT": _CLUSTER,
    "CLUSTERDOWN": _CLUSTER,
}
_PHRASES: Final = {
    "ACL failure": _NOT_ALLOWED,
    "DB index": "has no database of this number",
}


def outage_of(error: RedisError | OSError) -> Outage:
    """Returns what `error` says about the server. The words of the server are not quoted: they may name a user."""
    if isinstance(error, AuthenticationError):
        return Outage(OutageKind.UNAUTHENTICATED, "does not accept the user and password")
    if isinstance(error, BusyLoadingError):
        return Outage(OutageKind.REFUSING, "is loading its data")
    # The client takes the code off the errors that it knows.
    code = getattr(error, "status_code", None) or str(error).partition(" ")[0]
    reason = _CODES.get(code) or next((_PHRASES[phrase] for phrase in _PHRASES if phrase in str(error)), None)
    if reason is None:
        return Outage(OutageKind.UNREACHABLE, f"cannot be reached: {type(error).__name__}")
    return Outage(OutageKind.REFUSING, reason)


def refusal_of(error: RedisError) -> Outage:
    """Returns what the refusal of a command says about the server."""
    outage = outage_of(error)
    if outage.kind is OutageKind.UNREACHABLE:
        return Outage(OutageKind.REFUSING, f"refuses: {type(error).__name__}")
    return outage
