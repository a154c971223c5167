"""ShortenWorld locks accounts after failed logins: what the gateway does when it is not let in."""

import asyncio

import httpx2
import pytest

from harness.emulators import ManualClock, answering, bench
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
)
from harness.shortenworld_vendor import tokens as tokens_answer
from linkweave.accounts import open_account
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
from linkweave.providers.shortenworld import PROVIDER
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter
from linkweave.transport.health import HealthState

HOUR = 3600.0


async def test_a_wrong_key_is_unauthenticated_and_tried_once() -> None:
    it = bench("shortenworld", api_key="not-the-key-of-anybody")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)

    failures = await asyncio.gather(*(adapter.list_teams() for _ in range(20)), return_exceptions=True)
    it.clock.advance(59)
    with pytest.raises(UnauthenticatedError) as later:
        await adapter.list_teams()

    assert [type(failure) for failure in failures] == [UnauthenticatedError] * 20
    assert len({id(failure) for failure in failures}) == 20
    assert [call.path for call in it.calls] == [LOGIN]
    assert later.value.retry_after == 1
    assert later.value.operation == "log in"
    assert "not-the-key-of-anybody" not in str(later.value)
    assert it.account.health.state is HealthState.DOWN


async def test_after_a_minute_a_login_is_tried_again() -> None:
    it = bench("shortenworld", api_key="not-the-key-of-anybody")
    adapter = it.account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)

    for _ in range(3):
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()
        it.clock.advance(30)

    assert [call.path for call in it.calls] == [LOGIN, LOGIN]


REFUSALS = [
    (refused(401, "Unauthorized", http=401), UnauthenticatedError, "401"),
    ((401, b""), UnauthenticatedError, None),
    (refused(403, "locked", http=403), ForbiddenError, "403"),
    (refused(429, "Login too many failed", http=429), RateLimitedError, "429"),
    (refused(429), RateLimitedError, "429"),
    (refused(403), ForbiddenError, "403"),
    (refused(401), UnauthenticatedError, "401"),
    (refused(17, "No such user"), UnauthenticatedError, "17"),
    (refused(17, "User not found"), UnauthenticatedError, "17"),
    (refused(17, "Bad request", http=400), RejectedError, "17"),
    ((404, b"Not Found"), RejectedError, "404"),
    ((302, b""), RejectedError, None),
]


@pytest.mark.parametrize(("answer", "kind", "code"), REFUSALS)
async def test_a_refused_login_is_of_the_vendors_kind_and_remembered(
    answer: Answer,
    kind: type[VendorError],
    code: str | None,
) -> None:
    vendor = Vendor({LOGIN: answer})
    adapter = adapter_of(account_of(vendor))

    for _ in range(3):
        with pytest.raises(VendorError) as refusal:
            await adapter.list_teams()
        assert type(refusal.value) is kind
        assert refusal.value.provider_code == code

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
        (good(token={"access_token": "", "refresh_token": "r"}), BadResponseError),
        (good(token={"access_token": "a\nx-evil: 1", "refresh_token": "r"}), BadResponseError),
        (good(token={"access_token": "clé", "refresh_token": "r"}), BadResponseError),
        (good(token={"access_token": "a" * 9000, "refresh_token": "r"}), BadResponseError),
        (refused({}), BadResponseError),
    ],
)
async def test_a_login_that_broke_is_no_failed_login_and_the_next_call_may_try(
    answer: Answer,
    kind: type[VendorError],
) -> None:
    vendor = Vendor({LOGIN: always(answer, tokens_answer()), TEAMS: good(teams=[])})
    adapter = adapter_of(account_of(vendor))

    with pytest.raises(VendorError) as failure:
        await adapter.list_teams()

    assert type(failure.value) is kind
    assert "evil" not in str(failure.value)
    assert await adapter.list_teams() == ()


@pytest.mark.parametrize(("header", "seconds"), [("600", 600), ("5", 60), ("9999999", 3600)])
async def test_retry_after_makes_the_memory_longer_and_never_shorter(header: str, seconds: float) -> None:
    clock = ManualClock()
    throttled = refused(429, "Login too many failed", http=429)
    vendor = Vendor({LOGIN: (throttled[0], throttled[1], {"retry-after": header})})  # type: ignore[index]
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


async def test_too_many_failed_logins_said_to_a_refresh_keeps_the_gateway_from_logging_in() -> None:
    clock = ManualClock()
    vendor = Vendor({TEAMS: good(teams=[]), REFRESH: refused(429, "Login too many failed", http=429)})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)

    for _ in range(2):
        with pytest.raises(RateLimitedError):
            await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH]


async def test_a_login_that_fails_after_a_refused_refresh_is_remembered_too() -> None:
    clock = ManualClock()
    vendor = Vendor(
        {
            LOGIN: always(tokens_answer(), refused(403, "locked", http=403)),
            TEAMS: good(teams=[]),
            REFRESH: refused(401, http=401),
        },
    )
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR)

    for _ in range(3):
        with pytest.raises(ForbiddenError):
            await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, LOGIN]


async def test_a_refusal_ahead_of_time_leaves_a_token_in_use_that_is_still_good() -> None:
    clock = ManualClock()
    refusal = refused(401, http=401)
    vendor = Vendor({LOGIN: always(tokens_answer(), refusal), TEAMS: good(teams=[]), REFRESH: refusal})
    adapter = adapter_of(account_of(vendor, clock))
    await adapter.list_teams()
    clock.advance(HOUR - 30)

    await adapter.list_teams()
    await adapter.list_teams()
    clock.advance(30)
    with pytest.raises(UnauthenticatedError):
        await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS, TEAMS]


async def test_a_vendor_that_says_401_to_everything_gets_one_call() -> None:
    clock = ManualClock()
    seen: list[str] = []
    body = b'{"status": {"code": 401, "message": "Unauthorized", "timestamp": 1}}'
    http = answering(401, body)
    http.event_hooks = {"request": [lambda request: _note(seen, request)]}
    settings = PROVIDER.settings.model_validate(
        {"key": "sw", "provider": "shortenworld", "username": "u", "api_key": "k", "base_url": "http://vendor"},
    )
    adapter = open_account(settings, PROVIDER, http, clock).adapter
    assert isinstance(adapter, ShortenWorldAdapter)

    for _ in range(5):
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()

    assert seen == [LOGIN]


async def _note(seen: list[str], request: httpx2.Request) -> None:
    seen.append(request.url.path)


async def test_a_vendor_that_refuses_the_tokens_it_gives_is_not_logged_in_to_for_ever() -> None:
    clock = ManualClock()
    unauthorized = refused(401, "Unauthorized", http=401)
    vendor = Vendor({REFRESH: unauthorized, TEAMS: unauthorized})
    adapter = adapter_of(account_of(vendor, clock))

    async def ask() -> list[str]:
        before = len(vendor.paths)
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()
        return vendor.paths[before:]

    assert await ask() == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS]
    assert await ask() == [TEAMS, REFRESH]
    assert await ask() == []
    clock.advance(60)
    assert await ask() == [LOGIN, TEAMS, REFRESH, LOGIN, TEAMS]


async def test_refused_tokens_that_can_be_refreshed_never_cause_another_login() -> None:
    unauthorized = refused(401, "Unauthorized", http=401)
    vendor = Vendor({REFRESH: always(tokens_answer(2), tokens_answer(3), tokens_answer(4)), TEAMS: unauthorized})
    adapter = adapter_of(account_of(vendor))

    for _ in range(2):
        with pytest.raises(UnauthenticatedError):
            await adapter.list_teams()

    assert vendor.paths == [LOGIN, TEAMS, REFRESH, TEAMS, TEAMS, REFRESH, TEAMS]
