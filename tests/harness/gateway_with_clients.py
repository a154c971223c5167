"""A gateway with clients: one that may do everything, one that sees a single account, and others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import httpx2

from harness.gateway import SANDBOX, AsgiWire, Gateway, five_providers, open_gateway
from linkweave.sandbox import sandbox_accounts

VISIBLE: Final = "picsee-main"
# Keys that no provider, domain or word of a vendor contains, so that they are found wherever they turn up.
HIDDEN: Final = {"cuttly": "zz-c", "tinycc": "zz-t", "shortenworld": "zz-s", "chevereto": "zz-u"}

ROOT: Final = "root-token"
READER: Final = "reader-token"
WRITER: Final = "writer-token"
ADMIN: Final = "admin-token"


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def client(name: str, token: str, scopes: Sequence[str], *accounts: str, **more: object) -> dict[str, object]:
    return {"name": name, "token_sha256": digest(token), "scopes": scopes, "accounts": accounts, **more}


CLIENTS: Final = (
    client("root", ROOT, ["read", "write", "admin"], "*"),
    client("reader", READER, ["read"], VISIBLE),
    client("writer", WRITER, ["read", "write"], VISIBLE),
    client("admin", ADMIN, ["admin"], VISIBLE),
)


def renamed_accounts() -> list[dict[str, object]]:
    tables = sandbox_accounts(five_providers(), SANDBOX)
    names = {**HIDDEN, "picsee": VISIBLE}
    return [
        {**table, "key": names[provider], "label": f"Label of {names[provider]}"}
        for table in tables
        for provider in [str(table["provider"])]
    ]


def open_guarded(
    clients: Sequence[Mapping[str, object]] = CLIENTS,
    around: Callable[[AsgiWire], httpx2.AsyncBaseTransport] | None = None,
    server: Mapping[str, object] | None = None,
    **sections: object,
) -> Gateway:
    """A gateway over the sandbox that knows `clients`; the keys of all accounts but one are those in HIDDEN."""
    return open_gateway(
        accounts=renamed_accounts(), around=around, server=server, sections={"clients": list(clients), **sections}
    )


def leaves(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, str):
        yield value
