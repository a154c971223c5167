"""ShortenWorld locks accounts after failed logins: what the session does when a login is refused or breaks."""

import asyncio

import httpx2
import pytest

from harness.emulators import ManualClock, bench
from harness.shortenworld_vendor import (
    LOGIN,
    REFRESH,
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
from linkweave.errors import (
    BadResponseError,
    ForbiddenError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.health import HealthState

HOUR = 3600.0
UNAUTHORIZED = refused(401, "Unauthorized", http=401)
THROTTLED = refused(429, "Login too many failed", http=429)
NO_TEAMS = good(teams=[])


async def test_a_wrong_key_is_tried_once_a_minute() -> None:
    it = bench("shortenworld", api_key="not-the-key-of-anybody")
    adapter = adapter_of(it)
    failures = await asyncio.gather(*(adapter.list_teams() for _ in range(20)), return_exceptions=True)
    it.clock.advance(59)
    with pytest.raises(UnauthenticatedError) as later:
        await adapter.list_teams()
    assert [type(failure) for failure in failures] == [UnauthenticatedError] * 20
    assert len({id(failure) for failure in failures}) == 20
    assert [call.path for call in it.calls] == [LOGIN]
    assert (later.value.retry_after, later.value.operation) == (1, "log in")
    assert "not-the-key-of-anybody" not in str(later.value)
    assert it.account.health.state is HealthState.DOWN
    it.clock.advance(1)
    with pytest.raises(UnauthenticatedError):
        await adapter.list_teams()
    assert [call.path for call in it.calls] == [LOGIN, LOGIN]


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (UNAUTHORIZED, UnauthenticatedError, "401"),
        ((401, b""), UnauthenticatedError, None),
        (refused(403, "locked", http=403), ForbiddenError, "403"),
        (THROTTLED, RateLimitedError, "429"),
        (refused(429), RateLimitedError, "429"),
        (refused(403), ForbiddenError, "403"),
        (refused(401), UnauthenticatedError, "401"),
        (refused(17, "No such user"), UnauthenticatedError, "17"),
        (refused(17, "User not found"), UnauthenticatedError, "17"),
        (refused(17, "Bad request", http=400), RejectedError, "17"),
        ((404, b"Not Found"), RejectedError, "404"),
        ((302, b""), RejectedError, None),
    ],
)
async def test_a_refused_login_is_remembered(answer: Answer, kind: type[VendorError], code: str | None) -> None:
    vendor = Vendor({LOGIN: answer})
    adapter = adapter_of(account_of(vendor))
    for _ in range(3):
        with pytest.raises(VendorError) as refusal:
            await adapter.list_teams()
        assert (type(refusal.value), refusal.value.provider_code) == (kind, code)
    assert vendor.paths == [LOGIN]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((500, b""), UnavailableError),
        (OSError("gone"), UnavailableError),
        (httpx2.ReadTimeout("slow"), VendorTimeoutError),
        ((200, b"<html>"), BadResponseError),
        (good(), BadResponseError),
        (good(token=[]), BadResponseError),
        (good(token={"access_token": "a", "expires_in": 3600}), BadResponseError),
        *(
            (good(token={"access_token": token, "refresh_token": "r"}), BadResponseError)
            for token in ("", "a\nx-evil: 1", "clé", "a" * 9000)
        ),
        (refused({}), BadResponseError),
    ],
)
async def test_a_login_that_breaks_is_no_failed_login_and_the_next_call_tries_again(
    answer: Answer, kind: type[VendorError]
) -> None:
    adapter = adapter_of(account_of(Vendor({LOGIN: always(answer, tokens()), TEAMS: NO_TEAMS})))
    with pytest.raises(VendorError) as failure:
        await adapter.list_teams()
    assert type(failure.value) is kind
    assert "evil" not in str(failure.value)
    assert await adapter.list_teams() == ()


@pytest.mark.parametrize(("header", "seconds"), [("600", 600), ("5", 60), ("9999999", 3600)])
async def test_retry_after_makes_the_pause_longer_and_never_shorter(header: str, seconds: float) -> None:
    clock = ManualClock()
    vendor = Vendor({LOGIN: (429, b"", {"retry-after": header})})
    adapter = adapter_of(account_of(vendor, clock))
    with pytest.raises(RateLimitedError):
        await adapter.list_teams()
    clock.advance(seconds - 1)
    with pytest.raises(RateLimitedError) as early:
        await adapter.list_teams()
    clock.advance(1)
    with pytest.raises(RateLimitedError):
        await adapter.list_teams()
    assert early.value.retry_after == 1
    assert vendor.paths == [LOGIN, LOGIN]


@pytest.mark.parametrize(
    ("refresh", "login", "kind", "after"),
    [
        # A throttled refresh keeps the session from logging in.
        (THROTTLED, tokens(), RateLimitedError, [REFRESH]),
        # A refused refresh is followed by one login, which is remembered when it is refused.
        (UNAUTHORIZED, refused(403, "locked", http=403), ForbiddenError, [REFRESH, LOGIN]),
    ],
)
async def test_an_ended_token_leads_to_at_most_one_refused_login(
    refresh: Answer, login: Answer, kind: type[VendorError], after: list[str]
) -> None:
    clock = ManualClock()
    vendor = Vendor({LOGIN: always(tokens(), login), TEAMS: NO_TEAMS, REFRESH: refresh})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)
    for _ in range(3):
        with pytest.raises(kind):
            await adapter.list_teams()
    assert vendor.paths == [LOGIN, TEAMS, *after]


async def test_a_refusal_ahead_of_time_leaves_a_good_token_in_use() -> None:
    clock = ManualClock()
    vendor = Vendor({LOGIN: always(tokens(), UNAUTHORIZED), TEAMS: NO_TEAMS, REFRESH: UNAUTHORIZED})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR - 30)
    await adapter.list_teams()
    await adapter.list_teams()
    clock.advance(30)
    with pytest.raises(UnauthenticatedError):
        await adapter.list_teams()
    assert vendor.paths == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS, TEAMS]


async def test_a_vendor_that_refuses_its_own_tokens_gets_one_login_a_minute() -> None:
    clock = ManualClock()
    vendor = Vendor({REFRESH: UNAUTHORIZED, TEAMS: UNAUTHORIZED})
    adapter = adapter_of(account_of(vendor, clock))

    async def paths_of_a_call() -> list[str]:
        before = len(vendor.paths)
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()
        return vendor.paths[before:]

    assert await paths_of_a_call() == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS]
    assert await paths_of_a_call() == [TEAMS, REFRESH]
    assert await paths_of_a_call() == []
    clock.advance(60)
    assert await paths_of_a_call() == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS]


async def test_refused_tokens_that_can_be_refreshed_never_cause_another_login() -> None:
    vendor = Vendor({REFRESH: always(tokens(2), tokens(3), tokens(4)), TEAMS: UNAUTHORIZED})
    adapter = adapter_of(account_of(vendor))
    for _ in range(2):
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()
    assert vendor.paths == [LOGIN, TEAMS, REFRESH, TEAMS, TEAMS, REFRESH, TEAMS]
