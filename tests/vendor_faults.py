"""Ways in which a vendor goes wrong, and the code that callers read then."""

from typing import Any

from gateway_harness import Gateway

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

PROVIDER = {"picsee-main": "picsee", "tinycc": "tinycc", "shortenworld": "shortenworld", "cuttly": "cuttly"}


async def a_link_of(gateway: Gateway, key: str) -> str:
    """The id of a link that is some weeks old."""
    if key == "cuttly":
        link = await gateway.data('{ link(shortUrl: "https://cutt.ly/spring-sale") { id } }')
        return str(link["link"]["id"])
    query = "query ($key: String!) { account(key: $key) { links(first: 40) { nodes { id } } } }"
    return str((await gateway.data(query, key=key))["account"]["links"]["nodes"][-1]["id"])
