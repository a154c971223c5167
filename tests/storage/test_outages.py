"""What the server's errors mean, in words that quote none of them."""

import pytest
from redis.exceptions import AuthenticationError, BusyLoadingError, InvalidResponse, RedisError, ResponseError

from linkweave.storage.outages import Outage, OutageKind, outage_of, refusal_of


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("MISCONF Errors writing to the AOF file: No space left", "cannot write to its disk (MISCONF)"),
        ("MASTERDOWN Link with MASTER is down", "is a replica without its primary"),
        ("NOREPLICAS Not enough good replicas", "has fewer replicas than it must have (min-replicas-to-write)"),
        (
            "ERR ACL failure in script: User bob has no permissions",
            "does not allow this user a command or a key that Linkweave needs (ACL)",
        ),
        ("ERR DB index is out of range", "has no database of this number"),
        ("ERR something about bob", "refuses: ResponseError"),
    ],
)
def test_a_refusal_has_its_reason_and_no_words_of_the_server(words: str, reason: str) -> None:
    assert refusal_of(ResponseError(words)) == Outage(OutageKind.REFUSING, reason)


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (AuthenticationError("bob"), Outage(OutageKind.UNAUTHENTICATED, "does not accept the user and password")),
        (BusyLoadingError("bob"), Outage(OutageKind.REFUSING, "is loading its data")),
        (InvalidResponse("bob"), Outage(OutageKind.UNREACHABLE, "cannot be reached: InvalidResponse")),
        (OSError("bob"), Outage(OutageKind.UNREACHABLE, "cannot be reached: OSError")),
    ],
)
def test_an_error_of_the_connection_has_its_reason(error: RedisError | OSError, outage: Outage) -> None:
    assert outage_of(error) == outage
