"""PicSee's lists, which lack a new link for ten minutes (FOUND). The emulator lists it at once."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Final

import httpx2

from linkweave.testing.virtual_time import LoopClock

LAG: Final = timedelta(minutes=10)


class LaggingLists(httpx2.AsyncBaseTransport):
    """Sends requests to `vendor`, and removes from its lists what was created in the last ten minutes."""

    def __init__(self, vendor: httpx2.AsyncBaseTransport) -> None:
        self._vendor = vendor
        self._clock = LoopClock(asyncio.get_running_loop().time())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._vendor.handle_async_request(request)
        if request.url.path != "/picsee/v2/links/overview" or answer.status_code != httpx2.codes.OK:
            return answer
        body = json.loads(await answer.aread())
        newest = self._clock.now() - LAG
        body["data"] = [row for row in body["data"] if datetime.fromisoformat(row["createTime"]) <= newest]
        return httpx2.Response(answer.status_code, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)
