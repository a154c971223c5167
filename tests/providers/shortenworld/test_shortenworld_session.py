"""ShortenWorld's session while all goes well: one login, renewed in time, revoked at the end."""

import asyncio

import httpx2
import pytest

from harness.emulators import ManualClock, bench
from harness.shortenworld_vendor import (
    DELETE,
    LOGIN,
    REFRESH,
    REVOKE,
    SHOWN,
    TEAMS,
    Answer,
    Vendor,
    account_of,
    adapter_of,
    all_links,
    always,
    good,
    refused,
    tokens,
)
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)

HOUR = 3600.0
WEEK = 7 * 24 * HOUR
NO_TEAMS = good(teams=[])
UNAUTHORIZED = refused(401, "Unauthorized", http=401)
EXPIRED = refused(401, "Token expired")


async def turns(count: int) -> None:
    """Give the event loop's other tasks some turns."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_fifty_concurrent_calls_share_one_login() -> None:
    it = bench("shortenworld")
    await asyncio.gather(*(adapter_of(it).list_teams() for _ in range(50)))
    paths = [call.path for call in it.calls]
    assert (paths.count(LOGIN), paths.count(TEAMS)) == (1, 50)


async def test_a_login_sends_name_and_key_as_json_and_later_calls_only_the_token() -> None:
    vendor = Vendor({TEAMS: NO_TEAMS})
    account = account_of(vendor)
    await adapter_of(account).list_teams()
    assert vendor.bodies(LOGIN) == [{"username": "marketing", "key": "sw-secret-key"}]
    assert (vendor.bearers(LOGIN), vendor.bearers(TEAMS)) == ([None], ["Bearer access-1"])
    assert all(request.headers["content-type"] == "application/json" for request in vendor.requests)
    assert "sw-secret-key" not in str(vendor.requests[-1].headers)
    session = account.stack.credentials
    shown = repr(account) + repr(session) + "".join(map(repr, vars(session).values()))
    assert "Tokens(" in shown
    assert not any(secret in shown for secret in ("sw-secret-key", "access-1", "refresh-1"))


async def test_a_cancelled_call_does_not_cancel_the_login_of_the_others() -> None:
    vendor = Vendor({TEAMS: NO_TEAMS})
    adapter = adapter_of(account_of(vendor))
    first, second = (asyncio.create_task(adapter.list_teams()) for _ in range(2))
    await turns(3)
    first.cancel()
    assert await second == ()
    assert first.cancelled()
    assert vendor.paths == [LOGIN, TEAMS]


async def test_a_login_without_waiters_serves_the_next_call() -> None:
    vendor = Vendor({TEAMS: NO_TEAMS})
    adapter = adapter_of(account_of(vendor))
    first = asyncio.create_task(adapter.list_teams())
    await turns(3)
    first.cancel()
    await turns(20)
    await adapter.list_teams()
    assert vendor.paths == [LOGIN, TEAMS]


async def test_a_call_whose_time_is_up_fails_and_the_login_goes_on_for_the_others() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: NO_TEAMS})
    adapter = adapter_of(account_of(vendor, clock))
    with use_deadline(1e-9, clock), pytest.raises(VendorTimeoutError, match="log in"):
        await adapter.list_teams()
    assert await adapter.list_teams() == ()
    assert vendor.paths == [LOGIN, TEAMS]


# A strange lifetime is read as the documented hour.
LIFETIMES: list[object] = [3600, None, -5, 0, "soon", 10**15, 1e300, True, {}, "3600", 3600.0]


@pytest.mark.parametrize(
    ("expires_in", "renewed_after"),
    # Half-way, where less than two minutes are left: otherwise every call would renew it.
    [*((lifetime, HOUR - 60) for lifetime in LIFETIMES), ("40", 20)],
)
async def test_a_token_is_refreshed_a_minute_before_it_ends(expires_in: object, renewed_after: float) -> None:
    clock = ManualClock()
    vendor = Vendor({LOGIN: tokens(1, expires_in), TEAMS: NO_TEAMS, REFRESH: tokens(2)})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(renewed_after - 1)
    await adapter.list_teams()
    clock.advance(1)
    await adapter.list_teams()
    assert vendor.paths == [LOGIN, TEAMS, TEAMS, REFRESH, TEAMS]


async def test_concurrent_calls_share_one_refresh_by_the_newest_refresh_token() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: NO_TEAMS, REFRESH: always(tokens(2), tokens(3))})
    adapter = adapter_of(account_of(vendor, clock))
    for _ in range(3):
        await asyncio.gather(*(adapter.list_teams() for _ in range(10)))
        clock.advance(HOUR)
    assert vendor.bodies(REFRESH) == [{"refreshToken": "refresh-1"}, {"refreshToken": "refresh-2"}]
    assert vendor.bearers(TEAMS) == [f"Bearer access-{number}" for number in (1, 2, 3) for _ in range(10)]


@pytest.mark.parametrize(
    ("idle", "refresh", "after"),
    [
        (HOUR, UNAUTHORIZED, [REFRESH, LOGIN, TEAMS, TEAMS]),
        # The guessed path of a refresh is wrong.
        (HOUR, (404, b"Not Found"), [REFRESH, LOGIN, TEAMS, TEAMS]),
        (WEEK, tokens(2), [LOGIN, TEAMS, TEAMS]),
        # The old token is used to its end.
        (HOUR - 30, OSError("gone"), [REFRESH, TEAMS, TEAMS]),
    ],
)
async def test_a_token_that_cannot_be_refreshed_is_used_to_its_end_or_followed_by_one_login(
    idle: float, refresh: Answer, after: list[str]
) -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: NO_TEAMS, REFRESH: refresh})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(idle)
    await asyncio.gather(adapter.list_teams(), adapter.list_teams())
    assert vendor.paths == [LOGIN, TEAMS, *after]


async def test_a_refresh_that_breaks_after_the_tokens_end_is_an_error_and_no_login() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: NO_TEAMS, REFRESH: always(OSError("gone"), tokens(2))})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)
    with pytest.raises(UnavailableError, match="refresh the token"):
        await adapter.list_teams()
    await adapter.list_teams()
    assert vendor.paths == [LOGIN, TEAMS, REFRESH, REFRESH, TEAMS]


async def test_a_token_that_is_refused_in_mid_life_is_renewed_once_for_all_calls() -> None:
    def only_the_second_token(request: httpx2.Request) -> Answer:
        return NO_TEAMS if request.headers["authorization"] == "Bearer access-2" else UNAUTHORIZED

    vendor = Vendor({REFRESH: tokens(2), TEAMS: only_the_second_token})
    adapter = adapter_of(account_of(vendor))
    await asyncio.gather(*(adapter.list_teams() for _ in range(10)))
    assert [vendor.paths.count(path) for path in (LOGIN, REFRESH, TEAMS)] == [1, 1, 20]


async def test_a_call_that_is_refused_late_uses_the_token_that_another_call_got() -> None:
    renewed = asyncio.Event()
    vendor = Vendor({REFRESH: tokens(2), TEAMS: NO_TEAMS})
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


@pytest.mark.parametrize("refreshes", [True, False], ids=["refresh", "login"])
async def test_a_token_that_is_refused_under_http_200_is_renewed(refreshes: bool) -> None:
    refresh = tokens(2) if refreshes else refused(401, "Refresh token expired")
    vendor = Vendor({TEAMS: always(EXPIRED, NO_TEAMS), REFRESH: refresh, LOGIN: always(tokens(1), tokens(3))})
    assert await adapter_of(account_of(vendor)).list_teams() == ()
    assert vendor.paths == [LOGIN, TEAMS, REFRESH, *([] if refreshes else [LOGIN]), TEAMS]
    assert vendor.bearers(TEAMS) == ["Bearer access-1", f"Bearer access-{2 if refreshes else 3}"]


async def test_a_vendor_that_refuses_every_token_under_http_200_gets_one_login_more_a_minute() -> None:
    vendor = Vendor({TEAMS: EXPIRED, REFRESH: refused(401), LOGIN: tokens(1)})
    adapter = adapter_of(account_of(vendor))
    for _ in range(3):
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()
    assert vendor.paths.count(LOGIN) == 2


async def test_a_write_that_is_refused_under_http_200_is_sent_once_more_with_a_new_token() -> None:
    vendor = Vendor({DELETE: always(EXPIRED, good()), REFRESH: tokens(2)})
    await adapter_of(account_of(vendor)).delete_link(SHOWN)
    assert vendor.paths == [LOGIN, DELETE, REFRESH, DELETE]


async def test_a_write_that_is_refused_with_401_is_sent_once_more_with_a_new_token() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    await adapter.list_teams()
    headers = {"authorization": it.calls[-1].headers["authorization"], "content-type": "application/json"}
    await it.http.post(f"http://emulator{REVOKE}", headers=headers)
    it.calls.clear()
    await adapter.delete_link(SHOWN)
    assert [call.path for call in it.calls] == [DELETE, REFRESH, LOGIN, DELETE]
    assert SHOWN not in {link.handle for link in await all_links(adapter)}


@pytest.mark.parametrize(
    ("second", "kind"), [(UNAUTHORIZED, UnauthenticatedError), (httpx2.ReadError("reset"), AmbiguousError)]
)
async def test_the_second_sending_of_a_write_is_the_last(second: Answer, kind: type[VendorError]) -> None:
    vendor = Vendor({DELETE: always(UNAUTHORIZED, second), REFRESH: tokens(2)})
    with pytest.raises(kind):
        await adapter_of(account_of(vendor)).delete_link(SHOWN)
    assert vendor.paths.count(DELETE) == 2


@pytest.mark.parametrize("login", [(500, b""), httpx2.ReadError("reset"), UNAUTHORIZED])
async def test_a_write_without_a_token_is_certainly_not_made(login: Answer) -> None:
    vendor = Vendor({LOGIN: login})
    with pytest.raises((UnavailableError, UnauthenticatedError)):
        await adapter_of(account_of(vendor)).delete_link(SHOWN)
    assert vendor.paths == [LOGIN]


async def test_closing_revokes_the_token_once() -> None:
    it = bench("shortenworld")
    await adapter_of(it).list_teams()
    token = it.calls[-1].headers["authorization"]
    await it.account.stack.close()
    await it.account.stack.close()
    assert [call.path for call in it.calls] == [LOGIN, TEAMS, REVOKE]
    assert it.calls[-1].headers["authorization"] == token


@pytest.mark.parametrize("answer", [OSError("gone"), RuntimeError("the client has been closed"), (500, b"")])
async def test_closing_never_raises(answer: Answer) -> None:
    vendor = Vendor({TEAMS: NO_TEAMS, REVOKE: answer})
    account = account_of(vendor)
    await adapter_of(account).list_teams()
    await account.stack.close()
    assert vendor.paths[-1] == REVOKE


async def test_closing_in_the_middle_of_a_login_revokes_the_token_that_it_gets() -> None:
    vendor = Vendor({TEAMS: NO_TEAMS, REVOKE: good()})
    account = account_of(vendor)
    call = asyncio.create_task(adapter_of(account).list_teams())
    await turns(3)
    await account.stack.close()
    await call
    assert vendor.bearers(REVOKE) == ["Bearer access-1"]


async def test_the_plans_limit_counts_logins_and_is_none_without_a_setting() -> None:
    clock = ManualClock()
    account = account_of(Vendor({TEAMS: NO_TEAMS}), clock, calls_per_minute=2)
    await adapter_of(account).list_teams()
    await adapter_of(account).list_teams()
    assert clock.monotonic() == 60
    assert [window.rate.limit for window in account.windows] == [2]
    assert account_of(Vendor()).windows == ()


async def test_a_login_that_the_plans_limit_delays_for_long_is_refused_at_once_and_not_remembered() -> None:
    clock = ManualClock()
    too_many = (429, b"", {"retry-after": "2000"})
    vendor = Vendor({LOGIN: tokens(1, 1000), TEAMS: always(too_many, NO_TEAMS), REFRESH: tokens(2)})
    adapter = adapter_of(account_of(vendor, clock, calls_per_minute=5))
    with pytest.raises(RateLimitedError):
        await adapter.list_teams()
    clock.advance(1900)
    with pytest.raises(RateLimitedError) as delayed:
        await adapter.list_teams()
    clock.advance(100)
    await adapter.list_teams()
    assert delayed.value.retry_after == 100
    assert vendor.paths == [LOGIN, TEAMS, REFRESH, TEAMS]
