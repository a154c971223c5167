"""Ways in which a vendor goes wrong, and the code that callers read then."""

from collections.abc import Mapping
from typing import Any

from harness.gateway import Gateway

KINDS: list[tuple[str, dict[str, Any], str]] = [
    ("delay", {"seconds": 60}, "TIMEOUT"),
    ("drip", {"seconds": 30}, "TIMEOUT"),
    ("reset", {}, "UNAVAILABLE"),
    ("truncated", {}, "BAD_RESPONSE"),
    ("html", {}, "BAD_RESPONSE"),
    ("status", {"status": 500}, "UNAVAILABLE"),
    ("status", {"status": 429, "headers": {"retry-after": "30"}}, "RATE_LIMITED"),
]
KIND_NAMES = ["delay", "drip", "reset", "truncated", "html", "500", "429"]

# All that the sandbox can do, for deadlines of less than five seconds.
FAULTS: Mapping[str, tuple[dict[str, Any], str]] = {
    "slow": ({"kind": "delay", "seconds": 5}, "TIMEOUT"),
    "hanging": ({"kind": "hang"}, "TIMEOUT"),
    "resetting": ({"kind": "reset"}, "UNAVAILABLE"),
    "truncated": ({"kind": "truncated"}, "BAD_RESPONSE"),
    "wrong-length": ({"kind": "wrong_length"}, "BAD_RESPONSE"),
    "bad-json": ({"kind": "bad_json"}, "BAD_RESPONSE"),
    "html": ({"kind": "html"}, "BAD_RESPONSE"),
    "wrong-type": ({"kind": "wrong_type"}, "BAD_RESPONSE"),
    "dripping": ({"kind": "drip", "seconds": 1}, "TIMEOUT"),
    "gzip-bomb": ({"kind": "gzip_bomb"}, "BAD_RESPONSE"),
    "fifty-megabytes": ({"kind": "large"}, "BAD_RESPONSE"),
    "storm": ({"kind": "status", "status": 500}, "UNAVAILABLE"),
    "limit-in-seconds": ({"kind": "status", "status": 429, "headers": {"retry-after": "7"}}, "RATE_LIMITED"),
    "limit-as-date": (
        {"kind": "status", "status": 429, "headers": {"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"}},
        "RATE_LIMITED",
    ),
    "limit-in-nonsense": ({"kind": "status", "status": 429, "headers": {"retry-after": "-1e999 soon"}}, "RATE_LIMITED"),
}

PROVIDER = {"picsee-main": "picsee", "tinycc": "tinycc", "shortenworld": "shortenworld", "cuttly": "cuttly"}


async def a_link_of(gateway: Gateway, key: str) -> str:
    """The id of a link that is some weeks old."""
    if key == "cuttly":
        link = await gateway.data('{ link(shortUrl: "https://cutt.ly/spring-sale") { id } }')
        return str(link["link"]["id"])
    query = "query ($key: String!) { account(key: $key) { links(first: 40) { nodes { id } } } }"
    return str((await gateway.data(query, key=key))["account"]["links"]["nodes"][-1]["id"])
