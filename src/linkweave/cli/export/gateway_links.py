"""Reads the links of a running gateway's catalog page by page."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

import click

from linkweave.cli.export.records import UTM_NAMES, with_destination_utm
from linkweave.cli.export.writing import write_records
from linkweave.cli.gateway.client import GatewayClient

# 100 links are the gateway's longest page.
_DOCUMENT: Final = """
query Export($filter: LinkFilter!, $after: String, $counted: Boolean!) {
  links(read: CATALOG, first: 100, after: $after, filter: $filter) {
    totalCount @include(if: $counted)
    nodes {
      shortUrl destination slug domain { name } account { key } provider { id } title note tags { name }
      createdAt clicks uniqueClicks lastClickAt archived expiry { at } externalId
      utm { source medium campaign term content }
    }
    pageInfo { endCursor hasNextPage }
    sources { account { key } status notice error { message } }
  }
}
"""
# An account that holds uploads alone has no links to write.
_COMPLETE: Final = ("OK", "UNSUPPORTED")


@dataclass(slots=True)
class GatewayLinks:
    """The links of a gateway's catalog that match `wanted`, a `LinkFilter` of its schema.

    Attributes:
        total: their number, once the first page was read; None if the catalog does not know it.
        notices: why links may be missing, by account, from the pages that were read.
    """

    client: GatewayClient
    wanted: Mapping[str, Any]
    total: int | None = None
    notices: dict[str, str] = field(default_factory=dict)

    async def records(self) -> AsyncIterator[list[dict[str, Any]]]:
        """Yields the record of each link, newest link first.

        Raises:
            ClickException: the gateway refuses, cannot be reached, or has no catalog.
        """
        after, more = None, True
        while more:
            variables = {"filter": self.wanted, "after": after, "counted": after is None}
            page = (await self.client.ask(_DOCUMENT, variables))["links"]
            self.total = page.get("totalCount", self.total)
            for source in page["sources"]:
                self._note(source)
            for node in page["nodes"]:
                yield [_record(node)]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    def _note(self, source: Mapping[str, Any]) -> None:
        reason = source["error"]["message"] if source["error"] else source["notice"]
        if reason and source["status"] not in _COMPLETE:
            self.notices[source["account"]["key"]] = reason


async def write_gateway_links(client: GatewayClient, wanted: Mapping[str, Any], form: str, output: TextIO) -> None:
    """Writes the links that match `wanted`, and on standard error why some may be missing.

    Raises:
        ClickException: the gateway refuses, cannot be reached, or has no catalog.
    """
    links = GatewayLinks(client, wanted)
    await write_records(links.records(), lambda: links.total, form, output)
    for account, reason in links.notices.items():
        click.echo(f"{account}: {reason}", err=True)


def _record(node: Mapping[str, Any]) -> dict[str, Any]:
    utm = node["utm"] or {}
    record = {
        "short_url": node["shortUrl"],
        "destination": node["destination"],
        "slug": node["slug"],
        "domain": node["domain"] and node["domain"]["name"],
        "account": node["account"]["key"],
        "provider": node["provider"]["id"],
        "title": node["title"],
        "note": node["note"],
        "tags": [tag["name"] for tag in node["tags"]],
        "created_at": node["createdAt"],
        "clicks": node["clicks"],
        "unique_clicks": node["uniqueClicks"],
        "last_click_at": node["lastClickAt"],
        "archived": node["archived"],
        "expires_at": node["expiry"] and node["expiry"]["at"],
        "external_id": node["externalId"],
        **{f"utm_{name}": utm.get(name) for name in UTM_NAMES},
    }
    return with_destination_utm(record)
