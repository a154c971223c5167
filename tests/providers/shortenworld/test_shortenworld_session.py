"""ShortenWorld's tokens while all goes well: one login, renewed in time, given back."""

import asyncio

import httpx2
import pytest

from harness.emulators import ManualClock, bench
from harness.shortenworld_vendor import (
    LINKS,
    LOGIN,
    REFRESH,
    REVOKE,
    TEAMS,
    Answer,
    Vendor,
    account_of,
    adapter_of,
    always,
    good,
    refused,
    tokens,
)
from linkweave.context.deadline import use_deadline
from linkweave.errors import RateLimitedError, UnauthenticatedError, UnavailableError, VendorTimeoutError
from linkweave.models import LinkFilter
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

HOUR = 3600.0
DAY = 24 * HOUR


async def spin(turns: int = 3) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def test_nothing_is_asked_of_the_vendor_before_somebody_asks_us() -> None:
    vendor = Vendor({})
    account = account_of(vendor)

    await account.stack.close()

    assert vendor.paths == []


async def test_fifty_concurrent_calls_make_one_login() -> None:
    it = bench("shortenworld")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)

    await asyncio.gather(*(adapter.list_teams() for _ in range(50)))

    paths = [call.path for call in it.calls]
    assert paths.count(LOGIN) == 1
    assert paths.count(TEAMS) == 50


async def test_a_login_sends_name_and_key_as_json_and_later_calls_only_the_token() -> None:
    vendor = Vendor({TEAMS: good(teams=[])})

    await adapter_of(account_of(vendor)).list_teams()

    assert vendor.bodies(LOGIN) == [{"username": "marketing", "key": "sw-secret-key"}]
    assert vendor.bearers(LOGIN) == [None]
    assert vendor.bearers(TEAMS) == ["Bearer access-1"]
    assert all(request.headers["content-type"] == "application/json" for request in vendor.requests)
    assert "sw-secret-key" not in str(vendor.requests[-1].headers)


async def test_one_who_gives_up_does_not_take_the_login_from_the_others() -> None:
    vendor = Vendor({TEAMS: good(teams=[])})
    adapter = adapter_of(account_of(vendor))
    first = asyncio.create_task(adapter.list_teams())
    second = asyncio.create_task(adapter.list_teams())
    await spin()

    first.cancel()

    assert await second == ()
    assert first.cancelled()
    assert vendor.paths == [LOGIN, TEAMS]


async def test_a_login_that_nobody_waits_for_any_more_serves_the_next_one() -> None:
    vendor = Vendor({TEAMS: good(teams=[])})
    adapter = adapter_of(account_of(vendor))
    first = asyncio.create_task(adapter.list_teams())
    await spin()
    first.cancel()
    await spin(20)

    await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS]


async def test_one_whose_time_is_up_is_told_so_and_the_login_goes_on_for_the_others() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[])})
    adapter = adapter_of(account_of(vendor, clock))

    with use_deadline(1e-9, clock), pytest.raises(VendorTimeoutError, match="log in"):
        await adapter.list_teams()

    assert await adapter.list_teams() == ()
    assert vendor.paths == [LOGIN, TEAMS]


async def test_the_token_is_refreshed_a_minute_before_it_ends() -> None:
    it = bench("shortenworld")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)
    await adapter.list_teams()

    it.clock.advance(HOUR - 61)
    await adapter.list_teams()
    it.clock.advance(1)
    await adapter.list_teams()

    assert [call.path for call in it.calls] == [LOGIN, TEAMS, TEAMS, REFRESH, TEAMS]


async def test_many_who_need_a_fresh_token_at_once_share_one_refresh() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: tokens(2)})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)

    await asyncio.gather(*(adapter.list_teams() for _ in range(20)))

    assert vendor.bodies(REFRESH) == [{"refreshToken": "refresh-1"}]
    assert set(vendor.bearers(TEAMS)[1:]) == {"Bearer access-2"}


async def test_each_refresh_uses_the_refresh_token_that_came_last() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: always(tokens(2), tokens(3))})
    adapter = adapter_of(account_of(vendor, clock))

    for _ in range(3):
        await adapter.list_teams()
        clock.advance(HOUR)

    assert vendor.bodies(REFRESH) == [{"refreshToken": "refresh-1"}, {"refreshToken": "refresh-2"}]


async def test_after_seven_days_there_is_nothing_to_refresh_with_and_one_login_is_made() -> None:
    it = bench("shortenworld")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)
    await adapter.list_teams()
    it.clock.advance(7 * DAY)

    await adapter.list_teams()

    assert [call.path for call in it.calls] == [LOGIN, TEAMS, LOGIN, TEAMS]


async def test_a_refresh_that_is_refused_is_followed_by_one_login() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: refused(401, http=401)})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)

    await asyncio.gather(adapter.list_teams(), adapter.list_teams())

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS, TEAMS]


async def test_a_refresh_path_that_was_guessed_wrong_costs_one_login_an_hour() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: (404, b"Not Found")})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)

    await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS]


async def test_a_refresh_that_breaks_leaves_a_token_in_use_that_is_still_good() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: OSError("gone")})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR - 30)

    await adapter.list_teams()
    await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, TEAMS, TEAMS]


async def test_a_refresh_that_breaks_after_the_tokens_end_is_an_error_and_no_login() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: always(OSError("gone"), tokens(2))})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)

    with pytest.raises(UnavailableError, match="refresh the token"):
        await adapter.list_teams()
    await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, REFRESH, TEAMS]


async def test_a_token_refused_in_mid_life_is_renewed_once_for_all_who_hold_it() -> None:
    def only_the_second_token(request: httpx2.Request) -> Answer:
        good_one = request.headers["authorization"] == "Bearer access-2"
        return good(teams=[]) if good_one else refused(401, "Unauthorized", http=401)

    vendor = Vendor({REFRESH: tokens(2), TEAMS: only_the_second_token})
    adapter = adapter_of(account_of(vendor))

    await asyncio.gather(*(adapter.list_teams() for _ in range(10)))

    assert vendor.paths.count(LOGIN) == 1
    assert vendor.paths.count(REFRESH) == 1
    assert vendor.paths.count(TEAMS) == 20


async def test_one_who_learns_late_that_the_token_was_refused_uses_the_one_that_others_got() -> None:
    renewed = asyncio.Event()
    vendor = Vendor({REFRESH: tokens(2), TEAMS: good(teams=[])})
    late = iter((False, True))

    async def slow_to_refuse(request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("authorization") == "Bearer access-1":
            if next(late):
                await renewed.wait()
            return httpx2.Response(401, stream=httpx2.ByteStream(b""), request=request)
        return await vendor(request)

    adapter = adapter_of(account_of(slow_to_refuse))
    first, second = (asyncio.create_task(adapter.list_teams()) for _ in range(2))
    await first
    renewed.set()
    await second

    assert vendor.paths == [LOGIN, REFRESH, TEAMS, TEAMS]


async def test_after_the_vendor_forgot_all_tokens_one_login_puts_it_right() -> None:
    it = bench("shortenworld")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)
    await adapter.list_teams()
    token = it.calls[-1].headers["authorization"]
    headers = {"authorization": token, "content-type": "application/json"}
    await it.http.post("http://emulator/authen/revoke", headers=headers)

    await adapter.list_teams()

    assert [call.path for call in it.calls] == [LOGIN, TEAMS, REVOKE, TEAMS, REFRESH, LOGIN, TEAMS]


async def test_closing_gives_the_token_back() -> None:
    it = bench("shortenworld")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)
    await adapter.list_teams()
    token = it.calls[-1].headers["authorization"]

    await it.account.stack.close()
    await it.account.stack.close()

    assert [call.path for call in it.calls] == [LOGIN, TEAMS, REVOKE]
    assert it.calls[-1].headers["authorization"] == token
    headers = {"authorization": token, "content-type": "application/json"}
    assert (await it.http.get(f"http://emulator{TEAMS}", headers=headers)).status_code == 401


@pytest.mark.parametrize("answer", [OSError("gone"), RuntimeError("the client has been closed"), (500, b"")])
async def test_closing_never_raises(answer: Exception | tuple[int, object]) -> None:
    vendor = Vendor({TEAMS: good(teams=[]), REVOKE: answer})
    account = account_of(vendor)
    await adapter_of(account).list_teams()

    await account.stack.close()

    assert vendor.paths[-1] == REVOKE


async def test_closing_in_the_middle_of_a_login_gives_back_what_it_brings() -> None:
    vendor = Vendor({TEAMS: good(teams=[]), REVOKE: good()})
    account = account_of(vendor)
    asking = asyncio.create_task(adapter_of(account).list_teams())
    await spin()

    await account.stack.close()
    await asking

    assert vendor.bearers(REVOKE) == ["Bearer access-1"]


@pytest.mark.parametrize("expires_in", [None, -5, 0, "soon", 10**15, 1e300, True, {}, "3600", 3600.0])
async def test_a_strange_lifetime_is_read_as_the_documented_hour(expires_in: object) -> None:
    clock = ManualClock()
    vendor = Vendor({LOGIN: tokens(1, expires_in), TEAMS: good(teams=[]), REFRESH: tokens(2)})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()

    clock.advance(HOUR - 61)
    await adapter.list_teams()
    clock.advance(1)
    await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, TEAMS, REFRESH, TEAMS]


async def test_a_token_with_little_time_left_is_renewed_half_way_and_not_on_every_call() -> None:
    clock = ManualClock()
    vendor = Vendor({LOGIN: tokens(1, "40"), TEAMS: good(teams=[]), REFRESH: tokens(2)})
    adapter = adapter_of(account_of(vendor, clock))

    await adapter.list_teams()
    clock.advance(19)
    await adapter.list_teams()
    clock.advance(1)
    await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, TEAMS, REFRESH, TEAMS]


async def test_no_token_or_key_shows_in_a_representation() -> None:
    vendor = Vendor({LINKS: good(links=[])})
    account = account_of(vendor)
    adapter = adapter_of(account)
    (lane, _) = (await adapter.plan_links(LinkFilter())).lanes
    await adapter.list_links(lane, None)

    session = account.stack.credentials
    shown = repr(account) + repr(session) + "".join(map(repr, vars(session).values()))

    assert "Tokens(" in shown
    assert not any(secret in shown for secret in ("sw-secret-key", "access-1", "refresh-1"))


async def test_the_plans_limit_counts_logins_too() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[])})
    account = account_of(vendor, clock, calls_per_minute=2)
    adapter = adapter_of(account)
    await adapter.list_teams()

    await adapter.list_teams()

    assert clock.monotonic() == 60
    assert [window.rate.limit for window in account.windows] == [2]


async def test_a_login_that_the_plans_limit_holds_up_for_long_is_refused_at_once_and_not_remembered() -> None:
    clock = ManualClock()
    too_many = (429, b"", {"retry-after": "2000"})
    vendor = Vendor({LOGIN: tokens(1, 1000), TEAMS: always(too_many, good(teams=[])), REFRESH: tokens(2)})
    adapter = adapter_of(account_of(vendor, clock, calls_per_minute=5))
    with pytest.raises(RateLimitedError):
        await adapter.list_teams()
    clock.advance(1900)

    with pytest.raises(RateLimitedError) as held_up:
        await adapter.list_teams()
    clock.advance(100)
    await adapter.list_teams()

    assert held_up.value.retry_after == 100
    assert vendor.paths == [LOGIN, TEAMS, REFRESH, TEAMS]


def test_without_a_limit_in_the_settings_none_is_kept() -> None:
    assert account_of(Vendor({})).windows == ()


async def test_an_inner_401_in_a_good_http_answer_is_no_reason_to_renew() -> None:
    vendor = Vendor({TEAMS: refused(401, "Unauthorized")})

    with pytest.raises(UnauthenticatedError):
        await adapter_of(account_of(vendor)).list_teams()

    assert vendor.paths == [LOGIN, TEAMS]
