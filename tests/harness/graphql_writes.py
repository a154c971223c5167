"""Mutations as a client sends them, and the links read back in requests of their own."""

from collections.abc import Sequence
from typing import Any

from harness.gateway import Gateway, Reply

ERRORS = """
errors { code message path providerCode retryAfterSeconds account { key } existing { id shortUrl destination } }
"""
EXPIRY = "expiry { at afterClicks countUniqueOnly redirectTo redirectToAfterClicks }"
LINK = f"""
id shortUrl slug destination title note createdAt externalId
account {{ key }} domain {{ name }} tags {{ name }} {EXPIRY}
deviceTargets {{ platform destination }} variants {{ destination percentage }}
utm {{ source medium campaign term content }} team {{ id name }} campaign {{ id name }}
passwordProtected archived starred protected emailReports uniqueWindowMinutes
"""
CREATED = f"created link {{ id shortUrl slug destination domain {{ name }} account {{ key }} }} {ERRORS}"
UPDATED = f"applied failed link {{ id slug shortUrl destination }} {ERRORS}"
DELETED = f"id deleted {ERRORS}"

CREATE = f"mutation ($input: CreateLinkInput!) {{ payload: createLink(input: $input) {{ {CREATED} }} }}"
CREATE_MANY = f"mutation ($inputs: [CreateLinkInput!]!) {{ payload: createLinks(inputs: $inputs) {{ {CREATED} }} }}"
UPDATE = f"mutation ($input: UpdateLinkInput!) {{ payload: updateLink(input: $input) {{ {UPDATED} }} }}"
UPDATE_MANY = f"mutation ($inputs: [UpdateLinkInput!]!) {{ payload: updateLinks(inputs: $inputs) {{ {UPDATED} }} }}"
DELETE = f"mutation ($ids: [ID!]!) {{ payload: deleteLinks(ids: $ids) {{ {DELETED} }} }}"
RESTORE = f"mutation ($id: ID!) {{ payload: restoreLink(id: $id) {{ {CREATED} }} }}"
RESET = f"mutation ($ids: [ID!]!) {{ payload: resetStats(ids: $ids) {{ id reset {ERRORS} }} }}"

PROVIDER_OF = {
    "picsee-main": "picsee",
    "cuttly": "cuttly",
    "tinycc": "tinycc",
    "shortenworld": "shortenworld",
    "chevereto": "chevereto",
}
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


async def payload_of(gateway: Gateway, mutation: str, /, **variables: object) -> Any:
    """A payload, whatever is in it, of an answer without an error of its own."""
    return (await gateway.data(mutation, **variables))["payload"]


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


def reply_code(reply: Reply) -> str:
    """The code of the one error of an answer without data."""
    assert reply.data is None
    return str(reply.error["extensions"]["code"])
