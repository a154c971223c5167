"""REPORT_ABUSE: a link is reported by one call."""

from collections.abc import Iterator, Mapping
from typing import Any

from linkweave.models import Capability
from linkweave.testing.contract.create import read_link
from linkweave.testing.contract.writes import Write, WritesContract
from linkweave.testing.gateway import Gateway
from linkweave.testing.mutations import REPORT_ABUSE
from linkweave.testing.virtual_time import in_virtual_time


class ReportAbuseContract(WritesContract):
    """The contract of CanReportAbuse."""

    capability = Capability.REPORT_ABUSE

    def writes(self) -> Iterator[tuple[str, Write]]:
        """Yields a report of a link."""
        yield from super().writes()

        async def report(gateway: Gateway) -> Mapping[str, Any]:
            link = await read_link(gateway, await self.create_link(gateway), "shortUrl")
            return {"input": {"account": self.account_key, "shortUrl": link["shortUrl"]}}

        yield "report abuse", Write(REPORT_ABUSE, report)

    @in_virtual_time
    async def test_a_link_is_reported_by_one_call(self) -> None:
        gateway = self.open_gateway()
        link = await read_link(gateway, await self.create_link(gateway), "shortUrl")
        gateway.forget_calls()
        details = {
            "attackType": "phishing",
            "description": "asks for passwords",
            "date": "2026-11-20",
            "targetBrand": "Example Bank",
            "screenshotUrl": "https://www.example.com/shot.png",
        }
        report = {"account": self.account_key, "shortUrl": link["shortUrl"], **details}
        assert await gateway.payload(REPORT_ABUSE, input=report) == {"reported": True, "errors": []}
        assert len(self.calls(gateway)) == 1
