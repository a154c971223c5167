"""Cutt.ly: what breaks while something is written is told for what it is, and nothing is sent twice."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.broken_after_sending import BrokenAfterSending
from harness.cuttly_vendor import SPRING_SALE
from harness.emulators import Bench, ManualClock, answering, bench
from linkweave.accounts import open_account
from linkweave.errors import AmbiguousError, PlanRequiredError, RateLimitedError, UnavailableError, VendorError
from linkweave.models import DeviceTarget, Platform
from linkweave.models.changes import LinkPatch, NewLink, WrittenLink
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.adapter import CuttlyAdapter
from linkweave.providers.cuttly.emulator import EXPIRED_KEY

Write: TypeAlias = Callable[[CuttlyAdapter], Awaitable[object]]


async def create(adapter: CuttlyAdapter) -> WrittenLink:
    return await adapter.create_link(NewLink("https://www.example.com/", slug="new"))


async def rename(adapter: CuttlyAdapter) -> str:
    return await update(adapter, LinkPatch(slug="new"))


async def protect(adapter: CuttlyAdapter) -> str:
    return await update(adapter, LinkPatch(password="open sesame"))


async def retarget(adapter: CuttlyAdapter) -> str:
    return await update(adapter, LinkPatch(device_targets=(DeviceTarget(Platform.IOS, "https://b.example.com"),)))


async def delete(adapter: CuttlyAdapter) -> None:
    await adapter.delete_link(SPRING_SALE)


async def update(adapter: CuttlyAdapter, patch: LinkPatch) -> str:
    (step,) = adapter.plan_update(patch)
    return await step.run(SPRING_SALE)


WRITES: list[Write] = [create, rename, protect, retarget, delete]


def account_over(http: httpx2.AsyncClient) -> CuttlyAdapter:
    table = {"key": "social", "provider": "cuttly", "api_key": "sandbox-cuttly-key"}
    adapter = open_account(PROVIDER.settings.model_validate(table), PROVIDER, http, ManualClock()).adapter
    assert isinstance(adapter, CuttlyAdapter)
    return adapter


async def failure_of(write: Write, adapter: CuttlyAdapter) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await write(adapter)
    assert "sesame" not in f"{caught.value!r}"
    return caught.value


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    "outcome",
    [
        httpx2.ReadError("reset"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("Server disconnected without sending a response."),
        500,
        502,
        200,
    ],
)
async def test_what_breaks_after_it_was_sent_may_have_happened_and_is_sent_once(
    write: Write, outcome: Exception | int
) -> None:
    good = bench("cuttly")
    adapter = account_over(httpx2.AsyncClient(transport=BrokenAfterSending(good.http, outcome)))
    assert type(await failure_of(write, adapter)) is AmbiguousError
    assert len(good.calls) == 1


@pytest.mark.parametrize("write", WRITES)
async def test_what_never_left_was_not_made(write: Write) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    adapter = account_over(httpx2.AsyncClient(transport=httpx2.MockTransport(refuse)))
    assert type(await failure_of(write, adapter)) is UnavailableError


@pytest.mark.parametrize("write", WRITES)
async def test_too_many_calls_are_a_certain_refusal_and_are_not_repeated(write: Write) -> None:
    good = bench("cuttly")
    adapter = account_over(httpx2.AsyncClient(transport=BrokenAfterSending(good.http, 429)))
    assert isinstance(await failure_of(write, adapter), RateLimitedError)
    assert len(good.calls) == 1


@pytest.mark.parametrize("write", WRITES)
async def test_an_expired_subscription_is_a_certain_refusal_and_is_not_repeated(write: Write) -> None:
    account = bench("cuttly", api_key=EXPIRED_KEY)
    assert isinstance(await failure_of(write, adapter_of(account)), PlanRequiredError)
    assert len(account.calls) == 1


def adapter_of(account: Bench) -> CuttlyAdapter:
    adapter = account.account.adapter
    assert isinstance(adapter, CuttlyAdapter)
    return adapter


async def test_more_links_than_a_minute_allows_wait_instead_of_being_refused() -> None:
    account = bench("cuttly")
    news = (NewLink(f"https://www.example.com/{number}", slug=f"n{number}") for number in range(200))
    made = await asyncio.gather(*(adapter_of(account).create_link(new) for new in news))
    assert [written.link.slug for written in made] == [f"n{number}" for number in range(200)]
    assert len(account.calls) == 200
    assert account.clock.elapsed >= 60


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from(
        ["0", "1", "7", "9" * 400, "https://cutt.ly/a", "https://[", "http://\ud800/a", "Unauthorized", 10**400]
    ),
)
keys = st.one_of(st.text(), st.sampled_from(["url", "status", "shortLink", "title", "auth", "code", "error", "stats"]))
answers = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=12)


async def outcome_of(write: Write, adapter: CuttlyAdapter) -> object:
    try:
        return await write(adapter)
    except VendorError as error:
        return error


@settings(deadline=None)
@given(data=answers, status=st.sampled_from([200, 200, 200, 201, 401, 409]), write=st.sampled_from(WRITES))
def test_whatever_is_answered_a_write_is_done_or_fails_with_an_error_of_ours(
    data: object, status: int, write: Write
) -> None:
    adapter = account_over(answering(status, json.dumps(data).encode()))
    outcome = asyncio.run(outcome_of(write, adapter))
    assert outcome is None or isinstance(outcome, (WrittenLink, str, VendorError))


@settings(deadline=None)
@example("https://[")
@example("https://cutt.ly/a?b")
@given(link=st.one_of(st.text(), st.from_regex(r"https?://[^\s/]+/.*")))
def test_whatever_the_short_link_is_it_is_found_again_by_its_handle_or_nothing_is_certain(link: str) -> None:
    adapter = account_over(answering(200, json.dumps({"shortLink": link}).encode()))
    outcome = asyncio.run(outcome_of(create, adapter))
    if isinstance(outcome, WrittenLink):
        domain, slug = outcome.link.domain or "", outcome.link.slug
        assert outcome.link.handle == f"{domain}/{slug}"
        assert outcome.link.short_url == link
    else:
        assert isinstance(outcome, AmbiguousError)
