"""What the tests of PicSee stand on: its adapter over the emulator, or over answers written by hand."""

import json
from collections.abc import Mapping, Sequence

import httpx2

from harness.emulators import Bench, ManualClock, answering
from linkweave.accounts import Account, check_accounts, open_account
from linkweave.models import Link
from linkweave.providers.picsee import PROVIDER
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.emulator import MAIN_TOKEN
from linkweave.providers.picsee.emulator.state import seed_accounts

# What every emulator starts with, newest first.
SEEDED = seed_accounts(ManualClock())[MAIN_TOKEN].links

OVERVIEW = {
    "url": "https://example.com/a",
    "picseeUrl": "https://pse.is/5b93x9",
    "createTime": "2023-11-20T13:00:00+08:00",
}
DAYS = {"date": "2026-11-20", "totalClicks": 15, "uniqueClicks": 10}


def adapter_of(opened: Bench | Account) -> PicseeAdapter:
    account = opened.account if isinstance(opened, Bench) else opened
    assert isinstance(account.adapter, PicseeAdapter)
    return account.adapter


async def links_of(adapter: PicseeAdapter, handles: Sequence[str], fields: frozenset[str]) -> dict[str, Link]:
    """The links behind `handles`, none of which may have failed."""
    found = await adapter.get_links(handles, fields)
    links = {handle: each for handle, each in found.items() if isinstance(each, Link)}
    assert links == found
    return links


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> PicseeAdapter:
    """An adapter that talks to `http`, of the advanced plan and for abuse reports unless `options` say otherwise."""
    table = {"key": "picsee", "provider": "picsee", "token": "t", "plan": "advanced", "report_abuse": True, **options}
    (settings,) = check_accounts([table], {"picsee": PROVIDER}, "demo")
    return adapter_of(open_account(settings, PROVIDER, http, clock or ManualClock()))


def adapter_answering(data: object) -> PicseeAdapter:
    """One whose every question is answered with `data` in PicSee's envelope."""
    return adapter_over(answering(200, json.dumps({"data": data, "meta": {}}).encode()))


def scripted(answers: Mapping[str, tuple[int, object]]) -> PicseeAdapter:
    """One whose questions are answered by how their path ends."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        status, body = next(answer for end, answer in answers.items() if request.url.path.endswith(end))
        # A response of content alone has been read already, and transport reads streams.
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
