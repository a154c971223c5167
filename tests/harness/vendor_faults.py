"""Ways in which a vendor fails, and the error code that callers get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from harness.gateway import Gateway


@dataclass(frozen=True)
class Fault:
    """A kind of fault of the sandbox with its details, and the error code that callers get."""

    kind: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def inject(self, gateway: Gateway, provider: str, **where: object) -> None:
        """Lets a provider fail from now on. `where` restricts it to a path, or to a number of times."""
        gateway.break_provider(provider, self.kind, **self.details, **where)


def _status(status: int, code: str, **details: object) -> Fault:
    return Fault("status", code, {"status": status, **details})


# For a deadline of ten seconds in virtual time.
FAULTS: Final[Mapping[str, Fault]] = {
    "delay": Fault("delay", "TIMEOUT", {"seconds": 60}),
    "drip": Fault("drip", "TIMEOUT", {"seconds": 30}),
    "reset": Fault("reset", "UNAVAILABLE"),
    "truncated": Fault("truncated", "BAD_RESPONSE"),
    "html": Fault("html", "BAD_RESPONSE"),
    "500": _status(500, "UNAVAILABLE"),
    "429": _status(429, "RATE_LIMITED", headers={"retry-after": "30"}),
}

# Statuses that the gateway treats in other ways than 500 and 429.
OTHER_STATUSES: Final[Mapping[str, Fault]] = {
    "200": _status(200, "BAD_RESPONSE"),
    "401": _status(401, "UNAUTHENTICATED"),
    "403": _status(403, "FORBIDDEN"),
    "503": _status(503, "UNAVAILABLE"),
}

# For deadlines of less than five seconds, some in real time. The sandbox has no other faults.
SHORT_FAULTS: Final[Mapping[str, Fault]] = {
    "slow": Fault("delay", "TIMEOUT", {"seconds": 5}),
    "hanging": Fault("hang", "TIMEOUT"),
    "resetting": Fault("reset", "UNAVAILABLE"),
    "truncated": Fault("truncated", "BAD_RESPONSE"),
    "wrong-length": Fault("wrong_length", "BAD_RESPONSE"),
    "bad-json": Fault("bad_json", "BAD_RESPONSE"),
    "html": Fault("html", "BAD_RESPONSE"),
    "wrong-type": Fault("wrong_type", "BAD_RESPONSE"),
    "dripping": Fault("drip", "TIMEOUT", {"seconds": 1}),
    "gzip-bomb": Fault("gzip_bomb", "BAD_RESPONSE"),
    "fifty-megabytes": Fault("large", "BAD_RESPONSE"),
    "storm": _status(500, "UNAVAILABLE"),
    "limit-in-seconds": _status(429, "RATE_LIMITED", headers={"retry-after": "7"}),
    "limit-as-date": _status(429, "RATE_LIMITED", headers={"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"}),
    "limit-in-nonsense": _status(429, "RATE_LIMITED", headers={"retry-after": "-1e999 soon"}),
}

PROVIDER: Final[Mapping[str, str]] = {
    "picsee-main": "picsee",
    "tinycc": "tinycc",
    "shortenworld": "shortenworld",
    "cuttly": "cuttly",
}


async def a_link_of(gateway: Gateway, key: str) -> str:
    """The ID of a link of the account that is some weeks old."""
    if key == "cuttly":
        link = await gateway.data('{ link(shortUrl: "https://cutt.ly/spring-sale") { id } }')
        return str(link["link"]["id"])
    query = "query ($key: String!) { account(key: $key) { links(first: 40) { nodes { id } } } }"
    return str((await gateway.data(query, key=key))["account"]["links"]["nodes"][-1]["id"])
