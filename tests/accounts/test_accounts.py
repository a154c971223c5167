"""Accounts are checked by their provider, opened without a call, kept apart, and closed in order."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.emulators import NOW, ManualClock, Recorder
from harness.wires import SECRET, served
from linkweave.accounts import Accounts, check_accounts, open_accounts
from linkweave.errors import ConfigurationError, VendorError
from linkweave.providers.discovery import discover
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.sandbox import load_emulator
from linkweave.transport.call import Call
from linkweave.transport.health import HealthState
from linkweave.transport.http.connections import Connector

FILE = Path("linkweave.toml")
CUTTLY = {"key": "social", "provider": "cuttly", "api_key": SECRET, "base_url": "http://cuttly"}
TINYCC = {"key": "tiny", "provider": "tinycc", "username": "u", "api_key": SECRET, "base_url": "http://tinycc"}
CALL = Call("ask", "GET", "/anything")


def refusal(*tables: Mapping[str, Any]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        check_accounts(tables, discover(), FILE)
    assert SECRET not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__suppress_context__ or caught.value.__context__ is None) == (
        None,
        True,
    )
    return str(caught.value)


def test_each_table_is_checked_by_its_provider() -> None:
    social, tiny = check_accounts([CUTTLY, TINYCC], discover(), FILE)
    assert (social.key, social.plan, social.domains) == ("social", "team", ("cutt.ly",))
    assert (tiny.key, tiny.timeout_seconds) == ("tiny", 5)
    assert SECRET not in f"{social!r} {tiny!r}"


@pytest.mark.parametrize("provider", ["nobody", "", "Cuttly", 5, ["cuttly"]])
def test_an_unknown_provider_is_refused_with_the_ids_of_the_known_providers(provider: object) -> None:
    message = refusal({**CUTTLY, "provider": provider})
    assert message.removesuffix("; did you mean 'cuttly'?") == (
        f"linkweave.toml: accounts[0] (social).provider: {provider!r} is not a provider; "
        f"allowed: {', '.join(discover())}"
    )
    assert message.endswith("?") == ("uttly" in str(provider))


def test_a_credential_in_place_of_a_provider_is_not_shown() -> None:
    assert "this value is not a provider" in refusal({**CUTTLY, "provider": f"{SECRET}-and-more-than-a-word"})


def test_every_mistake_in_every_table_has_its_line() -> None:
    message = refusal({**CUTTLY, "api_kye": 1, "plan": "teem"}, {**TINYCC, "provider": "tiny.cc"}, CUTTLY)
    places = [line.split(": ")[1] for line in message.splitlines()]
    assert places == [
        "accounts[0] (social).plan",
        "accounts[0] (social).api_kye",
        "accounts[1] (tiny).provider",
        "accounts[2] (social).key",
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"key": 5}, ".provider: is required, but missing; "),
        ({**TINYCC, "key": "social"}, " (social).key: 'social' is already used by another account"),
        ({**CUTTLY, "key": "Social media"}, " (Social media).key: must be "),
        ({**TINYCC, "api_key": ""}, " (tiny).api_key: is empty"),
        ({"key": "tiny", "provider": "tinycc", "username": "u"}, " (tiny).api_key: is required, but missing"),
        ({**TINYCC, "token": SECRET}, " (tiny).token: is not a known key; known here: api_key, "),
        ({**CUTTLY, "key": "a", "plan": "gold"}, " (a).plan: input should be 'team' or 'team-enterprise'"),
        ({**TINYCC, "base_url": "http://tiny.cc"}, " (tiny).base_url: must begin with https://"),
    ],
)
def test_a_mistake_is_told_with_the_account_and_the_key(table: Mapping[str, Any], message: str) -> None:
    assert refusal(CUTTLY, table).startswith(f"linkweave.toml: accounts[1]{message}")


class Vendors(httpx2.AsyncBaseTransport):
    """Every vendor at once: sets a cookie with each answer, and notes what it sees."""

    def __init__(self) -> None:
        self.seen: list[httpx2.Request] = []
        self.closed = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        self.seen.append(request)
        headers = {"set-cookie": f"session={len(self.seen)}; path=/"}
        return httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(b"{}"))

    async def aclose(self) -> None:
        self.closed = True


def opened(vendors: httpx2.AsyncBaseTransport | None, *tables: Mapping[str, Any]) -> Accounts:
    providers = discover()
    return open_accounts(check_accounts(tables, providers, FILE), providers, ManualClock(), Connector(wire=vendors))


async def test_opening_and_closing_accounts_makes_no_call() -> None:
    vendors = Vendors()
    accounts = opened(vendors, CUTTLY, TINYCC)
    assert [account.key for account in accounts.all] == ["social", "tiny"]
    assert {account.health.state for account in accounts.all} == {HealthState.UNKNOWN}
    assert [window.rate.limit for window in accounts.all[0].windows] == [180]
    await accounts.close()
    assert vendors.seen == []
    assert vendors.closed


async def test_a_call_has_the_credentials_of_its_account() -> None:
    vendors = Vendors()
    accounts = opened(vendors, CUTTLY, TINYCC)
    for account in accounts.all:
        await account.stack.client.fetch(CALL)
    await accounts.close()
    social, tiny = vendors.seen
    assert (social.url.host, social.url.params["key"], "authorization" in social.headers) == ("cuttly", SECRET, False)
    assert (tiny.url.host, dict(tiny.url.params), "authorization" in tiny.headers) == ("tinycc", {}, True)
    assert {request.headers["user-agent"] for request in vendors.seen} == {"linkweave"}


async def test_an_account_without_a_base_url_calls_the_providers_own() -> None:
    vendors = Vendors()
    accounts = opened(vendors, {name: value for name, value in CUTTLY.items() if name != "base_url"})
    await accounts.all[0].stack.client.fetch(CALL)
    await accounts.close()
    assert str(vendors.seen[0].url.copy_with(query=None)) == "https://cutt.ly/team/API/index.php/anything"


async def test_cookies_are_not_stored_between_calls() -> None:
    vendors = Vendors()
    accounts = opened(vendors, CUTTLY, {**CUTTLY, "key": "second"})
    for account in (*accounts.all, *accounts.all):
        await account.stack.client.fetch(CALL)
    await accounts.close()
    assert len(vendors.seen) == 4
    assert not [request for request in vendors.seen if "cookie" in request.headers]


async def test_no_connection_serves_two_accounts() -> None:
    accounts = opened(Vendors(), CUTTLY, {**CUTTLY, "key": "second"})
    assert len({id(each.http) for each in accounts.all}) == 2
    await accounts.close()


async def test_closing_returns_tokens_before_it_closes_the_connections() -> None:
    provider = discover()["shortenworld"]
    emulator = Recorder(load_emulator(provider)(EmulatorOptions(ManualClock())))
    sandbox = provider.sandbox_accounts[0]
    table = {"key": "world", "provider": "shortenworld", "base_url": "http://emulator", **sandbox.options}
    accounts = opened(httpx2.ASGITransport(app=emulator), table, CUTTLY)
    await accounts.all[0].adapter.probe()
    await accounts.close()
    first, *_, last = (seen.path for seen in emulator.seen)
    assert (first, last) == ("/authen/token", "/authen/revoke")
    assert [each.http.is_closed for each in accounts.all] == [True, True]


async def test_no_log_shows_a_url_whatever_the_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        await writer.drain()

    async with served(answer) as vendor:
        accounts = opened(None, {**CUTTLY, "base_url": vendor.base_url})
        logging.getLogger("linkweave").debug("the root logger writes what it is told")
        assert (await accounts.all[0].stack.client.fetch(CALL)).data == {}
        await accounts.close()
    assert "the root logger writes" in caplog.text
    assert SECRET not in caplog.text
    assert "httpx2" not in {record.name for record in caplog.records}


async def test_no_error_of_an_account_shows_its_credentials() -> None:
    accounts = opened(None, {**CUTTLY, "base_url": "http://127.0.0.1:1", "timeout_seconds": 2})
    with pytest.raises(VendorError) as caught:
        await accounts.all[0].stack.client.fetch(CALL)
    await accounts.close()
    assert SECRET not in f"{caught.value!r} {accounts!r} {accounts.all[0].health!r}"
    assert accounts.all[0].health.last_error is caught.value


async def test_answers_have_the_time_of_the_clock() -> None:
    accounts = opened(Vendors(), CUTTLY)
    assert (await accounts.all[0].stack.client.fetch(CALL)).at == NOW
    await accounts.close()
