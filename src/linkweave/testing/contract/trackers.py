"""WRITE_TRACKERS: trackers are added to a link and removed from it, and seen by a later query."""

from collections.abc import Iterator, Mapping
from typing import Any

from linkweave.models import Capability
from linkweave.testing.contract.create import read_link
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import ADD_TRACKER, REMOVE_TRACKER, TRACKER
from linkweave.testing.virtual_time import in_virtual_time


class WriteTrackersContract(WritesContract):
    """The contract of CanWriteTrackers, for providers that also list trackers and teams."""

    capability = Capability.WRITE_TRACKERS

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields an addition and a removal of a tracker."""
        yield from super().writes()

        async def add(gateway: Gateway) -> Mapping[str, Any]:
            return {"input": {"link": await self.create_link(gateway), "allTeamTrackers": True}}

        async def remove(gateway: Gateway) -> Mapping[str, Any]:
            payload = await gateway.payload(ADD_TRACKER, **await add(gateway))
            return {"id": payload["trackers"][0]["id"]}

        yield "add tracker", Write(ADD_TRACKER, add)
        yield "remove tracker", Write(REMOVE_TRACKER, remove)

    @in_virtual_time
    async def test_trackers_are_added_by_team_by_id_and_by_code(self) -> None:
        gateway = self.open_gateway()
        known = await self._known_trackers(gateway)
        team = [each for each in known if each["scope"] == "TEAM"]
        catalog = next(each for each in known if each["scope"] == "CATALOG")
        for way, expected in (
            ({"allTeamTrackers": True}, None),
            ({"teamTrackers": [team[0]["id"]]}, [team[0]["code"]]),
            ({"tracker": catalog["id"], "code": "px-4711"}, ["px-4711"]),
        ):
            link = await self.create_link(gateway)
            payload = await gateway.payload(ADD_TRACKER, input={"link": link, **way})
            assert payload["errors"] == []
            codes = [tracker["code"] for tracker in payload["trackers"]]
            assert codes == expected if expected else len(codes) > 1
            assert {tracker["scope"] for tracker in payload["trackers"]} == {"LINK"}
            assert await self._trackers_on_link(gateway, link) == payload["trackers"]

    @in_virtual_time
    async def test_a_removed_tracker_is_gone_and_others_stay(self) -> None:
        gateway = self.open_gateway()
        link = await self.create_link(gateway)
        added = await gateway.payload(ADD_TRACKER, input={"link": link, "allTeamTrackers": True})
        first, *others = added["trackers"]
        payload = await gateway.payload(REMOVE_TRACKER, id=first["id"])
        assert payload == {"id": first["id"], "deleted": True, "errors": []}
        assert await self._trackers_on_link(gateway, link) == others
        again = await gateway.payload(REMOVE_TRACKER, id=first["id"])
        assert (again["deleted"], [error["code"] for error in again["errors"]]) == (False, ["NOT_FOUND"])

    async def _known_trackers(self, gateway: Gateway) -> list[Any]:
        query = f"query ($key: String!) {{ account(key: $key) {{ trackers {{ {TRACKER} }} }} }}"
        return list((await gateway.data(query, key=self.account_key))["account"]["trackers"])

    async def _trackers_on_link(self, gateway: Gateway, link: str) -> list[Any]:
        return list((await read_link(gateway, link, f"trackers {{ {TRACKER} }}"))["trackers"])
