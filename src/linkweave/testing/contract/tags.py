"""WRITE_TAGS: tags are created, renamed and deleted by a mutation, and seen by a later query."""

from collections.abc import Iterator, Mapping
from typing import Any

from linkweave.models import Capability
from linkweave.providers.write_capabilities import CanWriteTags
from linkweave.testing.contract.create import read_link
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import (
    CREATE_TAG,
    CREATE_TAG_UNREAD,
    DELETE_TAG,
    RENAME_TAG,
    RENAME_TAG_UNREAD,
)
from linkweave.testing.virtual_time import in_virtual_time


class WriteTagsContract(WritesContract):
    """The contract of CanWriteTags, for providers that also list tags and create links with tags."""

    capability = Capability.WRITE_TAGS

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a creation, a new name and a deletion of a tag."""
        yield from super().writes()
        tag = self._tag("Trade fair")

        async def create(_: Gateway) -> Mapping[str, Any]:
            return tag

        async def rename(gateway: Gateway) -> Mapping[str, Any]:
            await self._make_tags(gateway, "Trade fair")
            return {**tag, "newName": "Expo"}

        async def delete(gateway: Gateway) -> Mapping[str, Any]:
            await self._make_tags(gateway, "Trade fair")
            return tag

        if self._creates_tags:
            yield "create tag", Write(CREATE_TAG_UNREAD, create)
        yield "rename tag", Write(RENAME_TAG_UNREAD, rename)
        yield "delete tag", Write(DELETE_TAG, delete)

    @in_virtual_time
    async def test_a_new_tag_is_listed_once_however_it_is_spelled_again_or_is_unsupported_alone(self) -> None:
        gateway = self.open_gateway()
        for name in ("Trade fair", "TRADE FAIR"):
            payload = await gateway.payload(CREATE_TAG, **self._tag(name))
            if not self._creates_tags:
                assert [error["code"] for error in payload["errors"]] == ["UNSUPPORTED"]
                assert gateway.calls() == {}
                continue
            assert (payload["errors"], payload["tag"]["name"]) == ([], "Trade fair")
            assert payload["tag"]["accounts"] == [{"key": self.account_key}]
            assert (await self._listed_tags(gateway)).count("Trade fair") == 1

    @in_virtual_time
    async def test_a_renamed_tag_is_renamed_on_its_links(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway, tags=["Trade fair"])
        payload = await gateway.payload(RENAME_TAG, **self._tag("trade fair"), newName="Expo")
        assert (payload["errors"], payload["tag"]["name"]) == ([], "Expo")
        assert {"Expo", "Trade fair"} & {*await self._listed_tags(gateway)} == {"Expo"}
        assert await read_link(gateway, link, "tags { name }") == {"tags": [{"name": "Expo"}]}

    @in_virtual_time
    async def test_a_deleted_tag_is_on_no_link(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway, tags=["Trade fair", "Expo"])
        payload = await gateway.payload(DELETE_TAG, **self._tag("Trade fair"))
        assert (payload["deleted"], payload["errors"]) == (True, [])
        assert "Trade fair" not in await self._listed_tags(gateway)
        assert await read_link(gateway, link, "tags { name }") == {"tags": [{"name": "Expo"}]}

    @in_virtual_time
    async def test_an_unknown_tag_is_neither_renamed_nor_deleted(self) -> None:
        gateway = self.open_gateway()
        renamed = await gateway.payload(RENAME_TAG, **self._tag("no such tag"), newName="Expo")
        deleted = await gateway.payload(DELETE_TAG, **self._tag("no such tag"))
        assert (renamed["tag"], deleted["deleted"]) == (None, False)
        assert [error["code"] for each in (renamed, deleted) for error in each["errors"]] == ["NOT_FOUND"] * 2
        assert "Expo" not in await self._listed_tags(gateway)

    @in_virtual_time
    async def test_a_tag_does_not_take_the_name_of_another(self) -> None:
        gateway = self.open_gateway()
        await self._make_tags(gateway, "Trade fair", "Expo")
        payload = await gateway.payload(RENAME_TAG, **self._tag("Trade fair"), newName="Expo")
        assert payload["tag"] is None
        assert [error["code"] for error in payload["errors"]] in (["REJECTED"], ["CONFLICT"])
        assert {"Trade fair", "Expo"} <= {*await self._listed_tags(gateway)}

    @property
    def _creates_tags(self) -> bool:
        adapter = self.provider.adapter
        assert issubclass(adapter, CanWriteTags)
        return adapter.creates_tags

    async def _make_tags(self, gateway: Gateway, *names: str) -> None:
        """Creates tags, alone where that is possible, else on a link."""
        if not self._creates_tags:
            await self.create_link(gateway, tags=list(names))
            return
        for name in names:
            await gateway.payload(CREATE_TAG, **self._tag(name))

    def _tag(self, name: str) -> dict[str, str]:
        return {"account": self.account_key, "name": name}

    async def _listed_tags(self, gateway: Gateway) -> list[str]:
        return [tag["name"] for tag in (await gateway.data("{ tags(first: 100) { nodes { name } } }"))["tags"]["nodes"]]
