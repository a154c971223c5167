"""The vendors as a first version would ask them: nothing is kept, every fact is a call of its own."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2


@dataclass(frozen=True, slots=True)
class Row:
    """A link as its vendor lists it. `lane` is the query of the list that it is in."""

    vendor: "NaiveVendor"
    short_url: str
    raw: Mapping[str, Any]
    created_at: datetime | None = None
    lane: Mapping[str, str] | None = None

    @property
    def slug(self) -> str:
        """What follows the domain."""
        return self.short_url.rpartition("/")[2]

    @property
    def host(self) -> str:
        """The domain."""
        return urlsplit(self.short_url).netloc


class NaiveVendor(Protocol):
    """One account at one vendor."""

    @property
    def key(self) -> str:
        """The account's key."""
        ...

    async def rows(self) -> list[Row]:
        """The first page of every list."""
        ...

    async def row(self, row: Row) -> Row:
        """The link again: one call."""
        ...

    def tags(self, row: Row) -> list[str]:
        """The tags in a row."""
        ...

    async def clicks(self, row: Row) -> int:
        """All clicks of a link: one call."""
        ...


@dataclass(frozen=True, slots=True)
class Picsee:
    """PicSee keeps four lists, and only a list tells a link's tags."""

    key: str
    http: httpx2.AsyncClient

    async def rows(self) -> list[Row]:
        """All four lists, at once."""
        lanes = [{"isAPI": api, "isStar": star} for api in ("true", "false") for star in ("false", "true")]
        return _joined(await asyncio.gather(*(self._list({"limit": "50", **lane}, lane) for lane in lanes)))

    async def row(self, row: Row) -> Row:
        """The list that the link is in, from just before it."""
        lane = row.lane or {}
        (found,) = await self._list({"limit": "1", "prevMapId": str(row.raw["mapId"] + 1), **lane}, lane)
        return found

    def tags(self, row: Row) -> list[str]:
        """Their values."""
        return [tag["value"] for tag in row.raw["tags"]]

    async def clicks(self, row: Row) -> int:
        """From the overview."""
        answer = (await self.http.get(f"/v1/links/{row.slug}/overview")).raise_for_status().json()
        return int(answer["data"]["totalClicks"])

    async def _list(self, query: Mapping[str, str], lane: Mapping[str, str]) -> list[Row]:
        answer = (await self.http.post("/v2/links/overview", params=query)).raise_for_status().json()
        return [
            Row(
                self,
                f"https://{each['domain']}/{each['encodeId']}",
                each,
                datetime.fromisoformat(each["createTime"]),
                lane,
            )
            for each in answer["data"]
        ]


@dataclass(frozen=True, slots=True)
class ShortenWorld:
    """ShortenWorld keeps two lists and has no call for one link."""

    key: str
    http: httpx2.AsyncClient

    async def rows(self) -> list[Row]:
        """Both lists, at once."""
        lists = (self._list({"hidden": hidden, "size": "100"}) for hidden in ("false", "true"))
        return _joined(await asyncio.gather(*lists))

    async def row(self, row: Row) -> Row:
        """A search for its slug."""
        hidden = "true" if row.raw["hidden"] else "false"
        (found,) = await self._list({"search": row.slug, "hidden": hidden, "size": "100"})
        return found

    def tags(self, row: Row) -> list[str]:
        """As they are."""
        return list(row.raw["tags"])

    async def clicks(self, row: Row) -> int:
        """From the link."""
        return int((await self.row(row)).raw["clicks"])

    async def _list(self, query: Mapping[str, str]) -> list[Row]:
        answer = (await self.http.get("/entity/link/list", params={"page": "0", **query})).raise_for_status().json()
        return [
            Row(self, each["linkShort"], each, datetime.fromtimestamp(each["createdTime"] / 1000, UTC))
            for each in answer["links"]
        ]


@dataclass(frozen=True, slots=True)
class Tinycc:
    """tiny.cc keeps one list per domain and does not tell when links were made."""

    key: str
    http: httpx2.AsyncClient

    async def rows(self) -> list[Row]:
        """The list of the first domain, which is longer than a page of the benchmark."""
        domains = (await self.http.get("/domains")).raise_for_status().json()["domains"]
        return await self._read("/urls", {"domain": domains[0]["domain"], "offset": "0", "limit": "1000"})

    async def row(self, row: Row) -> Row:
        """The link."""
        (found,) = await self._read(f"/urls/{row.slug}", {"domain": row.host})
        return found

    def tags(self, row: Row) -> list[str]:
        """As they are."""
        return list(row.raw["tags"])

    async def clicks(self, row: Row) -> int:
        """From the statistics."""
        answer = (await self.http.get(f"/stats/{row.slug}", params={"domain": row.host})).raise_for_status().json()
        return int(answer["stats"][0]["total_clicks"])

    async def _read(self, path: str, query: Mapping[str, str]) -> list[Row]:
        answer = (await self.http.get(path, params=query)).raise_for_status().json()
        return [Row(self, f"https://{each['short_url']}", each) for each in answer["urls"]]


async def open_vendors(
    tables: Mapping[str, Mapping[str, Any]], wire: httpx2.AsyncBaseTransport
) -> tuple[NaiveVendor, ...]:
    """The accounts that list links, by their account tables; ShortenWorld is logged in to once."""
    picsee, world, tiny = tables["picsee"], tables["shortenworld"], tables["tinycc"]
    world_http = _client(world, wire)
    login = await world_http.post("/authen/token", json={"username": world["username"], "key": world["api_key"]})
    world_http.headers["authorization"] = f"Bearer {login.raise_for_status().json()['token']['access_token']}"
    world_http.headers["content-type"] = "application/json"
    return (
        Picsee(str(picsee["key"]), _client(picsee, wire, headers={"authorization": f"Bearer {picsee['token']}"})),
        ShortenWorld(str(world["key"]), world_http),
        Tinycc(str(tiny["key"]), _client(tiny, wire, auth=(tiny["username"], tiny["api_key"]))),
    )


def _client(table: Mapping[str, Any], wire: httpx2.AsyncBaseTransport, **options: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=wire, base_url=table["base_url"], **options)


def _joined(lists: Iterable[list[Row]]) -> list[Row]:
    return [row for rows in lists for row in rows]
