"""How each capability shows in GraphQL, for the tests of providers that do not offer it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from linkweave.models import Capability
from linkweave.schema.global_ids import encode_id
from linkweave.testing import mutations as m

# Fields of an account that are null where the capability is missing.
UNSUPPORTED_FIELDS: Final[Mapping[Capability, tuple[str, str]]] = {
    Capability.LIST_TAGS: ("tags", "{ name }"),
    Capability.LIST_DOMAINS: ("domains", "{ name }"),
    Capability.LIST_TEAMS: ("teams", "{ name }"),
    Capability.LIST_CAMPAIGNS: ("campaigns", "{ name }"),
    Capability.LIST_TRACKERS: ("trackers", "{ name }"),
    Capability.LIST_TRACKING_PRESETS: ("trackingPresets", "{ utmSources }"),
    Capability.LIST_WEBHOOKS: ("webhooks", "{ nodes { url } }"),
    Capability.EXTERNAL_ID_USAGE: ("externalIdUsage", "{ links }"),
}

# Lists over all accounts, in which the account has an UNSUPPORTED source where the capability is missing.
UNSUPPORTED_LISTS: Final[Mapping[Capability, str]] = {
    Capability.LIST_LINKS: "links",
    Capability.LIST_TAGS: "tags",
    Capability.LIST_DOMAINS: "domains",
}


def unsupported_mutations(account: str) -> Iterator[tuple[Capability, str, Mapping[str, Any]]]:
    """Yields the mutations that are UNSUPPORTED where the capability is missing, with their variables."""
    link, webhook = encode_id("Link", account, "x"), encode_id("Webhook", account, "1")
    tracker = encode_id("Tracker", account, "LINK", "x", "1")
    tag = {"account": account, "name": "a"}
    new = {"accounts": [account], "destination": "https://www.example.com/new"}
    hook = {"account": account, "url": "https://hooks.example.com/new", "tag": "print"}
    yield Capability.CREATE_LINK, m.CREATE_LINK, {"input": new}
    yield Capability.UPDATE_LINK, m.UPDATE_LINK, {"input": {"id": link, "title": "x"}}
    yield Capability.DELETE_LINK, m.DELETE_LINKS, {"ids": [link]}
    yield Capability.RESTORE_LINK, m.RESTORE_LINK, {"id": link}
    yield Capability.RESET_STATS, m.RESET_STATS, {"ids": [link]}
    yield Capability.WRITE_TAGS, m.CREATE_TAG, tag
    yield Capability.WRITE_TAGS, m.RENAME_TAG, {**tag, "newName": "b"}
    yield Capability.WRITE_TAGS, m.DELETE_TAG, tag
    yield Capability.WRITE_WEBHOOKS, m.CREATE_WEBHOOK, {"input": hook}
    yield Capability.WRITE_WEBHOOKS, m.UPDATE_WEBHOOK, {"input": {"id": webhook, "method": "get"}}
    yield Capability.WRITE_WEBHOOKS, m.DELETE_WEBHOOKS, {"ids": [webhook]}
    yield Capability.WRITE_TRACKERS, m.ADD_TRACKER, {"input": {"link": link, "allTeamTrackers": True}}
    yield Capability.WRITE_TRACKERS, m.REMOVE_TRACKER, {"id": tracker}
    yield Capability.REPORT_ABUSE, m.REPORT_ABUSE, {"input": {"account": account, "shortUrl": "https://a.example/x"}}
    yield Capability.UPLOAD_FILE, m.UPLOAD_FILE, {"input": {"account": account, "base64": "eA=="}}
