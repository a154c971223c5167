"""DELETE_LINK, BATCH_DELETE, RESTORE_LINK and RESET_STATS: done by a mutation, seen by a later query."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from linkweave.models import Capability
from linkweave.testing.contract.create import read_link
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import DELETE_LINKS, RESET_STATS, RESTORE_LINK, RESTORE_UNREAD
from linkweave.testing.virtual_time import in_virtual_time


class DeleteLinksContract(WritesContract):
    """The contract of CanDeleteLinks."""

    capability = Capability.DELETE_LINK

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a delete of one link, and of several where the vendor takes a batch."""
        yield from super().writes()

        async def prepare(gateway: Gateway) -> Mapping[str, Any]:
            return {"ids": [await self.create_link(gateway)]}

        async def prepare_batch(gateway: Gateway) -> Mapping[str, Any]:
            return {"ids": [await self.create_link(gateway) for _ in range(3)]}

        yield "delete", Write(DELETE_LINKS, prepare)
        if Capability.BATCH_DELETE in self.provider.capabilities:
            yield "delete several", Write(DELETE_LINKS, prepare_batch)

    @in_virtual_time
    async def test_a_deleted_link_is_gone_from_queries_and_lists(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway)
        query = "{ links(first: 20) { nodes { id } } }"
        offers_list = Capability.LIST_LINKS in self.provider.capabilities
        assert ({"id": link} in (await gateway.data(query))["links"]["nodes"]) == offers_list
        assert await gateway.payload(DELETE_LINKS, ids=[link]) == [{"id": link, "deleted": True, "errors": []}]
        assert await read_link(gateway, link, "id") is None
        assert {"id": link} not in (await gateway.data(query))["links"]["nodes"]

    @in_virtual_time
    async def test_a_link_that_is_deleted_again_is_not_found(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway)
        await gateway.payload(DELETE_LINKS, ids=[link])
        (payload,) = await gateway.payload(DELETE_LINKS, ids=[link])
        (error,) = payload["errors"]
        assert not payload["deleted"]
        assert (error["code"], error["account"]) == ("NOT_FOUND", {"key": self.account_key})

    @in_virtual_time
    async def test_several_deleted_links_are_gone_and_others_stay(self) -> None:
        gateway = self.open_gateway()
        links = [await self.create_link(gateway) for _ in range(4)]
        kept = await self.create_link(gateway)
        gateway.forget_calls()
        payloads = await gateway.payload(DELETE_LINKS, ids=links)
        one_call = Capability.BATCH_DELETE in self.provider.capabilities
        assert len(self.writing_calls(gateway)) == (1 if one_call else 4)
        assert payloads == [{"id": link, "deleted": True, "errors": []} for link in links]
        assert [await read_link(gateway, link, "id") for link in (*links, kept)] == [*[None] * 4, {"id": kept}]


class DeleteBatchContract(DeleteLinksContract):
    """The contract of CanDeleteLinksTogether."""

    capability = Capability.BATCH_DELETE


class RestoreLinksContract(WritesContract):
    """The contract of CanRestoreLinks. `restored_link` are the fields of the link that is deleted and restored."""

    capability = Capability.RESTORE_LINK
    restored_link: ClassVar[Mapping[str, object]] = {}

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a restore of a deleted link."""
        yield from super().writes()

        async def prepare(gateway: Gateway) -> Mapping[str, Any]:
            link = await self.create_link(gateway, **self.restored_link)
            await gateway.payload(DELETE_LINKS, ids=[link])
            return {"id": link}

        yield "restore", Write(RESTORE_UNREAD, prepare)

    @in_virtual_time
    async def test_a_restored_link_is_as_it_was(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway, **self.restored_link)
        before = await read_link(gateway, link)
        await gateway.payload(DELETE_LINKS, ids=[link])
        payload = await gateway.payload(RESTORE_LINK, id=link)
        assert (payload["created"], payload["errors"], payload["link"]["id"]) == (False, [], link)
        assert await read_link(gateway, link) == before


class ResetStatsContract(WritesContract):
    """The contract of CanResetStats."""

    capability = Capability.RESET_STATS

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a reset of a link's clicks."""
        yield from super().writes()

        async def prepare(gateway: Gateway) -> Mapping[str, Any]:
            return {"ids": [await self.create_link(gateway)]}

        yield "reset", Write(RESET_STATS, prepare)

    @in_virtual_time
    async def test_clicks_that_were_reset_are_gone_and_the_link_stays(self) -> None:
        gateway = self.open_gateway()
        query = "{ links(first: 50) { nodes { id destination clicks } } }"
        links = (await gateway.data(query))["links"]["nodes"]
        clicked = [link for link in links if link["clicks"]][:2]
        assert clicked, "give the emulator links with clicks"
        payloads = await gateway.payload(RESET_STATS, ids=[link["id"] for link in clicked])
        assert payloads == [{"id": link["id"], "reset": True, "errors": []} for link in clicked]
        for link in clicked:
            after = await read_link(gateway, link["id"], "id destination clicks")
            assert after == {**link, "clicks": 0}
