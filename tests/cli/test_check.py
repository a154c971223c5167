from dataclasses import replace
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock, answering, bench
from linkweave.accounts import Account, check_accounts, open_account
from linkweave.cli.check import Finding, check
from linkweave.cli.verdicts import summary, verdict_cells
from linkweave.errors import ErrorCode
from linkweave.providers.base import Adapter
from linkweave.providers.discovery import discover


async def finding(account: Account) -> Finding:
    (found,) = await check([account], ManualClock())
    return found


def account_at(http: httpx2.AsyncClient, provider_id: str = "picsee", **options: object) -> Account:
    """An account whose calls are all answered by `http`."""
    providers = discover()
    provider = providers[provider_id]
    options = {**provider.sandbox_accounts[0].options, "base_url": "http://vendor", **options}
    (settings,) = check_accounts([{"key": "main", "provider": provider_id, **options}], providers, "demo")
    return open_account(settings, provider, http, ManualClock())


def refusing(kind: type[httpx2.RequestError]) -> httpx2.AsyncClient:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise kind("no", request=request)

    return httpx2.AsyncClient(transport=httpx2.MockTransport(respond))


@pytest.mark.parametrize("provider", list(discover()))
async def test_an_account_that_works_is_reachable_and_authenticated(provider: str) -> None:
    account = bench(provider).account
    found = await finding(account)
    assert (found.account, found.provider) == (account.key, account.provider.name)
    assert (found.reachable, found.authenticated, found.missing, found.usable) == (True, True, (), True)
    assert verdict_cells(found)[4:] == ["The vendor accepts the credentials.", "nothing"]


@pytest.mark.parametrize("provider", list(discover()))
async def test_the_check_is_one_cheap_call(provider: str) -> None:
    account = bench(provider)
    await finding(account.account)
    assert 1 <= len(account.calls) <= 2


@pytest.mark.parametrize(
    ("provider", "credential"),
    [
        ("bitly", "token"),
        ("chevereto", "api_key"),
        ("cuttly", "api_key"),
        ("dub", "token"),
        ("kutt", "api_key"),
        ("picsee", "token"),
        ("rebrandly", "api_key"),
        ("shlink", "api_key"),
        ("shortenworld", "api_key"),
        ("shortio", "api_key"),
        ("tinycc", "api_key"),
        ("tinyurl", "token"),
        ("yourls", "signature"),
    ],
)
async def test_wrong_credentials_are_told_from_a_vendor_out_of_reach(provider: str, credential: str) -> None:
    options: dict[str, Any] = {credential: "wrong"}
    found = await finding(bench(provider, **options).account)
    assert (found.reachable, found.authenticated, found.usable) == (True, False, False)
    assert found.failure is ErrorCode.UNAUTHENTICATED
    cells = verdict_cells(found)
    assert cells[1] == "cannot be used"
    assert cells[2] == f"{found.provider} at {found.address}: one call with this account's credentials"
    assert cells[4].startswith("The vendor does not accept the credentials. Reason: ")
    assert cells[5] in {
        f"Correct `{credential}` of this account.",
        f"Correct `username` and `{credential}` of this account.",
    }
    assert "wrong" not in "".join(cells)


async def test_what_is_missing_all_the_same_is_said_and_does_not_fail() -> None:
    found = await finding(bench("picsee", plan="basic").account)
    assert found.missing == ("plan is 'basic' in the configuration, but 'advanced' at PicSee",)
    assert found.usable
    assert verdict_cells(found)[1] == "works"
    assert verdict_cells(found)[4].startswith(
        "The vendor accepts the credentials. But: plan is 'basic' in the configuration, but 'advanced' at PicSee."
    )


@pytest.mark.parametrize(
    ("provider", "options", "words"),
    [
        ("picsee", {"plan": "basic"}, "The plan lacks: changes of links"),
        ("picsee", {"plan": "free", "warm": True}, "warm = true makes calls all day, and the plan has 800 in 365 days"),
        ("dub", {"plan": "free"}, "The plan lacks: statistics of days."),
        ("tinyurl", {"token": "sandbox-tinyurl-reading-token"}, "has no analytics, so that statistics are FORBIDDEN"),
    ],
)
async def test_a_plan_or_a_token_that_cannot_do_what_is_configured_is_named(
    provider: str, options: dict[str, Any], words: str
) -> None:
    found = await finding(bench(provider, **options).account)
    assert found.usable
    assert words in verdict_cells(found)[4]


@pytest.mark.parametrize(
    "http",
    [
        refusing(httpx2.ConnectError),
        refusing(httpx2.ReadTimeout),
        answering(503, b""),
        answering(200, b"<h1>Welcome to this hotel's network</h1>"),
    ],
)
async def test_an_unreachable_vendor_leaves_the_credentials_unknown(http: httpx2.AsyncClient) -> None:
    found = await finding(account_at(http))
    assert (found.reachable, found.authenticated, found.usable) == (False, None, False)
    _, verdict, _, _, meaning, remedy = verdict_cells(found)
    assert verdict == "cannot be used"
    assert "Whether the credentials are right is not known." in meaning
    assert remedy.startswith("Check base_url, [network] and this machine's network.")


async def test_an_account_without_the_permission_is_authenticated_but_unusable() -> None:
    found = await finding(account_at(answering(403, b"{}")))
    assert (found.reachable, found.authenticated, found.usable) == (True, True, False)
    assert verdict_cells(found)[4].startswith("The vendor knows the credentials, but they may not do this. Reason: ")


async def test_an_account_whose_plan_is_too_small_is_unusable_with_the_vendors_reason() -> None:
    found = await finding(bench("cuttly", api_key="sandbox-cuttly-expired-key").account)
    assert (found.authenticated, found.failure, found.usable) == (True, ErrorCode.PLAN_REQUIRED, False)
    assert "Reason: cuttly: " in verdict_cells(found)[4]
    assert verdict_cells(found)[5] == "Change or renew the plan at the vendor."


async def test_an_account_over_its_limit_leaves_the_credentials_unknown() -> None:
    found = await finding(account_at(answering(429, b"{}")))
    assert (found.reachable, found.authenticated, found.usable) == (True, None, False)
    assert verdict_cells(found)[1] == "not known"
    assert verdict_cells(found)[5] == "Check again later."


async def test_an_account_whose_provider_has_no_check_counts_as_usable() -> None:
    class Silent(Adapter):
        """An adapter without a probe, as a provider outside this repository may have it."""

    account = bench("picsee").account
    adapter = Silent(account.settings, account.stack.client, ManualClock())
    found = await finding(replace(account, adapter=adapter))
    assert (found.reachable, found.authenticated, found.usable) == (None, None, True)
    assert verdict_cells(found)[1:4] == ["not known", "PicSee: nothing", "-"]


async def test_findings_are_in_the_order_of_the_configuration() -> None:
    accounts = [bench("tinycc").account, account_at(refusing(httpx2.ConnectError)), bench("cuttly").account]
    found = await check(accounts, ManualClock())
    assert [(each.account, each.usable) for each in found] == [("tinycc", True), ("main", False), ("cuttly", True)]
    assert summary(found) == "works: 2 of 3; cannot be used: 1 of 3 (main)"


async def test_the_time_of_an_answer_is_measured_by_the_clock() -> None:
    clock = ManualClock()

    def respond(request: httpx2.Request) -> httpx2.Response:
        clock.advance(0.25)
        return httpx2.Response(503, stream=httpx2.ByteStream(b""), request=request)

    account = account_at(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    (found,) = await check([account], clock)
    assert found.seconds == 0.25
