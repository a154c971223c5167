"""My Account: plan and usage, domains, tags, tracking tools."""

from collections import Counter
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.clock import Clock
from linkweave.providers.picsee.emulator.access import Access
from linkweave.providers.picsee.emulator.query import time_range
from linkweave.providers.picsee.emulator.responses import RefusedError, success
from linkweave.providers.picsee.emulator.state import TAIPEI, now_in_taipei

MAX_USAGE_DAYS = 31


class AccountApi:
    """Endpoints about the account as a whole."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock

    def routes(self) -> list[Route]:
        """The paths of the endpoints."""
        return [
            Route("/v2/my/api/status", self.status),
            Route("/v4/my/api/usage", self.usage),
            Route("/v4/my/api/domains", self.domains),
            Route("/v4/my/api/tags", self.tags),
            Route("/v4/my/api/trackingTools", self.tracking_tools),
        ]

    async def status(self, request: Request) -> Response:
        """Plan and API requests. The spelling of the times is FOUND."""
        account = self._access.admit(request, "status")
        now = now_in_taipei(self._clock)
        data = {
            "picseeId": account.picsee_id,
            "email": account.email,
            "planName": account.plan,
            "quota": account.quota,
            "usage": account.usage,
            "endTime": f"{now.year + 1}-03-23 23:59:59",
            "queryTime": now.replace(tzinfo=None).isoformat(" ", "seconds"),
        }
        return success(request, data)

    async def usage(self, request: Request) -> Response:
        """Links that were made over the API, by external id."""
        account = self._access.admit(request, "usage")
        within = time_range(request, now_in_taipei(self._clock), timedelta(hours=1))
        if within.end - within.start > timedelta(days=MAX_USAGE_DAYS):
            raise RefusedError(400, "the range must not exceed 31 days")
        made = Counter(
            link.external_id for link in account.links if link.is_api and within.start <= link.created_at <= within.end
        )
        rows = [{"externalId": external_id, "count": count} for external_id, count in made.most_common()]
        data = {"startTime": _local(within.start), "endTime": _local(within.end), "usage": rows}
        return success(request, data)

    async def domains(self, request: Request) -> Response:
        """Brand domains, subdomains and the shared root."""
        return success(request, {"domains": self._access.admit(request, "domains").domains})

    async def tags(self, request: Request) -> Response:
        """Ids and values."""
        tags = self._access.admit(request, "tags").tags()
        return success(request, {"tags": [{"id": 101 + index, "value": value} for index, value in enumerate(tags)]})

    async def tracking_tools(self, request: Request) -> Response:
        """UTM values of earlier links, and saved pixels and tag managers."""
        return success(request, self._access.admit(request, "trackingTools").tools)


def _local(moment: datetime) -> str:
    return moment.astimezone(TAIPEI).replace(tzinfo=None).isoformat(timespec="seconds")
