"""Mutations as a client sends them, and the links read back in requests of their own."""

from collections.abc import Sequence
from typing import Any

from harness.gateway import Gateway
from linkweave.testing.mutations import CREATE_LINK as CREATE
from linkweave.testing.mutations import CREATE_LINKS as CREATE_MANY
from linkweave.testing.mutations import DELETE_LINKS as DELETE
from linkweave.testing.mutations import ERRORS, LINK
from linkweave.testing.mutations import RESET_STATS as RESET
from linkweave.testing.mutations import RESTORE_LINK as RESTORE
from linkweave.testing.mutations import UPDATE_LINK as UPDATE
from linkweave.testing.mutations import UPDATE_LINKS as UPDATE_MANY

__all__ = ["CREATE", "CREATE_MANY", "DELETE", "ERRORS", "LINK", "RESET", "RESTORE", "UPDATE", "UPDATE_MANY"]

# ShortenWorld has several teams, so that a domain has to say which of them a link is for.
PLACE: dict[str, dict[str, str]] = {"shortenworld": {"domain": "apac.swlink.example"}}


def new_link(account: str, **fields: object) -> dict[str, Any]:
    """An input for `account`, with as little as it needs."""
    return {"accounts": [account], "destination": "https://www.example.com/new", **PLACE.get(account, {}), **fields}


async def created(gateway: Gateway, account: str, **fields: object) -> Any:
    """The payload of one new link, which must have worked."""
    payload = (await gateway.data(CREATE, input=new_link(account, **fields)))["payload"]
    assert payload["errors"] == []
    assert payload["created"]
    return payload


async def a_new_link(gateway: Gateway, account: str, **fields: object) -> str:
    """The id of one new link."""
    return str((await created(gateway, account, **fields))["link"]["id"])


async def updated(gateway: Gateway, link: str, **fields: object) -> Any:
    """The payload of an update, which must have worked."""
    payload = (await gateway.data(UPDATE, input={"id": link, **fields}))["payload"]
    assert payload["errors"] == []
    assert payload["failed"] == []
    assert payload["applied"] == sorted(fields)
    return payload


async def link_by_id(gateway: Gateway, link: str, selection: str = LINK) -> Any:
    """The link as the read path has it."""
    query = f"query ($id: ID!) {{ link(id: $id) {{ {selection} }} }}"
    return (await gateway.data(query, id=link))["link"]


async def short_urls_of(gateway: Gateway, account: str) -> Sequence[str]:
    """The short URLs of the newest links of an account."""
    query = "query ($key: String!) { account(key: $key) { links(first: 100) { nodes { shortUrl } } } }"
    return [link["shortUrl"] for link in (await gateway.data(query, key=account))["account"]["links"]["nodes"]]


def codes(payload: Any) -> list[str]:
    """The codes of a payload's errors."""
    return [error["code"] for error in payload["errors"]]


def only_error(payload: Any) -> Any:
    """The one error of a payload."""
    (error,) = payload["errors"]
    return error
