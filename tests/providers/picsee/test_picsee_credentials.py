"""PicSee: the three places of the token, and the calls of the free plan's year."""

import pytest
from pydantic import SecretStr

from harness.emulators import ManualClock, bench
from harness.gateway import Gateway, open_gateway
from harness.picsee_vendor import adapter_of
from linkweave.errors import QuotaKnownExhaustedError
from linkweave.providers.picsee.emulator import FREE_TOKEN, MAIN_TOKEN
from linkweave.providers.picsee.yearly_budget import CALLS_BETWEEN_COUNTS, RECOUNT_SECONDS, YearlyBudget
from linkweave.testing.virtual_time import in_virtual_time
from linkweave.transport.call import Answer, Call
from linkweave.transport.http.auth import HeaderKey


def account(**options: object) -> Gateway:
    table = {"key": "picsee", "provider": "picsee", "base_url": "http://sandbox/picsee", "token": MAIN_TOKEN}
    return open_gateway(accounts=[{**table, **options}])


@pytest.mark.parametrize("place", ["bearer", "x-api-key", "access_token"])
@in_virtual_time
async def test_the_token_is_taken_in_each_of_its_three_places(place: str) -> None:
    data = await account(sent_as=place, plan="advanced").data("{ accounts { tags { name } user { id name } } }")
    assert data["accounts"][0]["tags"]
    assert data["accounts"][0]["user"]["id"]


@pytest.mark.parametrize("place", ["bearer", "x-api-key", "access_token"])
async def test_the_token_is_in_one_place_only(place: str) -> None:
    opened = bench("picsee", sent_as=place)
    await adapter_of(opened).list_tags()
    (call,) = opened.calls
    places = {
        "bearer": call.headers.get("authorization") == f"Bearer {MAIN_TOKEN}",
        "x-api-key": call.headers.get("x-api-key") == MAIN_TOKEN,
        "access_token": call.query.get("access_token") == MAIN_TOKEN,
    }
    assert [name for name, is_there in places.items() if is_there] == [place]


async def test_the_free_plan_asks_for_its_count_and_makes_no_call_beyond_it() -> None:
    opened = bench("picsee", token=FREE_TOKEN, plan="free")
    adapter = adapter_of(opened)
    await adapter.list_tags()
    with pytest.raises(QuotaKnownExhaustedError):
        await adapter.list_domains()
    assert [call.path for call in opened.calls] == ["/v2/my/api/status", "/v4/my/api/tags"]


class Counting:
    """PicSee's count of the year's calls."""

    def __init__(self, usage: object, quota: object = 800) -> None:
        self.usage, self.quota, self.asked = usage, quota, 0
        self.clock = ManualClock()
        token = HeaderKey("authorization", SecretStr("t"), "Bearer ")
        self.budget = YearlyBudget(token, "free", self.clock)

    async def send(self, _call: Call) -> Answer:
        self.asked += 1
        data = {"data": {"usage": self.usage, "quota": self.quota}}
        return Answer(200, {}, b"", self.clock.now(), data=data)

    async def sign(self, calls: int = 1) -> None:
        for _ in range(calls):
            signed = await self.budget.sign(Call("list tags", "GET", "/v4/my/api/tags"), self.send)
            assert signed.headers == (("authorization", "Bearer t"),)


async def test_a_call_beyond_the_year_is_not_made_and_the_count_is_asked_again_after_an_hour() -> None:
    vendor = Counting(798)
    await vendor.sign(2)
    for _ in range(3):
        with pytest.raises(QuotaKnownExhaustedError):
            await vendor.sign()
    assert vendor.asked == 1
    vendor.usage = 0
    vendor.clock.advance(RECOUNT_SECONDS)
    await vendor.sign()
    assert vendor.asked == 2


async def test_calls_of_others_are_seen_from_time_to_time() -> None:
    vendor = Counting(0)
    await vendor.sign(CALLS_BETWEEN_COUNTS)
    vendor.usage = 800
    with pytest.raises(QuotaKnownExhaustedError):
        await vendor.sign()


@pytest.mark.parametrize(("usage", "quota"), [(None, 800), (5, None), ("many", "few"), (5, -1)])
async def test_a_count_that_does_not_tell_a_limit_stops_no_call(usage: object, quota: object) -> None:
    vendor = Counting(usage, quota)
    await vendor.sign(3)
    assert vendor.asked == 1
