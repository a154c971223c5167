"""A vendor's number of any size is answered as it is, and never costs another account's data."""

from typing import Any

import httpx2
import pytest

from harness.gateway import open_gateway
from harness.rewritten_answers import rewriting

QUOTAS = "{ providers { id } accounts { key quotas { name providerName used limit remaining resetsAt } } }"


def quota(name: str, provider_name: str, *numbers: int | str | None) -> Any:
    keys = ("name", "providerName", "used", "limit", "remaining", "resetsAt")
    return dict(zip(keys, (name, provider_name, *numbers), strict=True))


@pytest.mark.parametrize(
    ("counters", "expected"),
    [
        ({"clicks": {"count": 3 * 10**9, "limit": None}}, quota("clicks", "clicks", 3_000_000_000, None, None, None)),
        ({"clicks": {"count": 2**53 - 1}}, quota("clicks", "clicks", 9007199254740991, None, None, None)),
        ({"clicks": {"count": 2**53}}, quota("clicks", "clicks", "9007199254740992", None, None, None)),
        ({"clicks": {"count": "3,000,000,000"}}, quota("clicks", "clicks", 3_000_000_000, None, None, None)),
        ({"urls": {"count": 7, "limit": -1}}, quota("links", "urls", 7, None, None, None)),
        ({"urls": {"count": 7, "limit": "unlimited"}}, quota("links", "urls", 7, None, None, None)),
        ({"urls": {"count": 7, "limit": "5,000"}}, quota("links", "urls", 7, 5_000, 4_993, None)),
        ({"urls": {"count": 7, "limit": 5}}, quota("links", "urls", 7, 5, 0, None)),
        (
            {"today_api_calls": {"count": 8, "limit": 500}},
            quota("apiCallsToday", "today_api_calls", 8, 500, 492, "2026-11-21T00:00:00Z"),
        ),
        (
            {"month_urls": {"count": 8, "limit": 500}},
            quota("linksThisMonth", "month_urls", 8, 500, 492, "2026-12-01T00:00:00Z"),
        ),
        (
            {"year_api_calls": {"count": 8, "limit": 500}},
            quota("apiCallsThisYear", "year_api_calls", 8, 500, 492, "2027-01-01T00:00:00Z"),
        ),
        ({"moon_urls": {"count": 8, "limit": 500}}, quota("moon_urls", "moon_urls", 8, 500, 492, None)),
        # More than 64 bits, and less than nothing: such a counter is left out.
        ({"clicks": {"count": 2**63}}, None),
        ({"clicks": {"count": -8}}, None),
    ],
)  # fmt: skip
async def test_a_counter_of_any_size_is_answered_beside_the_other_accounts(counters: Any, expected: Any) -> None:
    def with_counters(_: httpx2.Request, body: Any) -> Any:
        body["account"]["counters"] = counters
        return body

    data = await open_gateway(around=rewriting("/tinycc/account", with_counters)).data(QUOTAS)
    quotas = {account["key"]: account["quotas"] for account in data["accounts"]}
    assert quotas["tinycc"] == ([] if expected is None else [expected])
    assert [each["name"] for each in quotas["picsee-main"]] == ["apiCallsThisYear"]
    assert len(data["providers"]) == 5


async def test_two_links_of_two_thousand_million_clicks_have_four_together() -> None:
    def popular(_: httpx2.Request, body: Any) -> Any:
        for row in body["data"]["dailyClicks"]:
            row["totalClicks"] = 2_000_000_000
        return body

    gateway = open_gateway(around=rewriting("/dailyClicks", popular))
    found = await gateway.data('{ links(first: 2, filter: { accounts: ["picsee-main"] }) { nodes { id } } }')
    ids = [node["id"] for node in found["links"]["nodes"]]
    query = 'query ($ids: [ID!]) { stats(links: $ids, range: { from: "2026-11-20", to: "2026-11-20" }) { clicks } }'
    assert (await gateway.data(query, ids=ids))["stats"]["clicks"] == 4_000_000_000


@pytest.mark.parametrize(
    ("sent", "clicks"),
    [
        (5, 5),
        ("5", 5),
        ("1,234", 1_234),
        (5.0, 5),
        (2**62, str(2**62)),
        (None, None),
        (-1, None),
        ("", None),
        ([], None),
    ],
)
async def test_the_clicks_of_a_link_are_read_however_they_are_written(sent: Any, clicks: Any) -> None:
    def odd(_: httpx2.Request, body: Any) -> Any:
        for row in body["urls"]:
            row["total_clicks"] = sent
        return body

    gateway = open_gateway(around=rewriting("/tinycc/urls", odd))
    query = '{ links(first: 3, filter: { accounts: ["tinycc"] }) { nodes { clicks uniqueClicks } sources { status } } }'
    links = (await gateway.data(query))["links"]
    assert [node["clicks"] for node in links["nodes"]] == [clicks] * 3
    assert None not in [node["uniqueClicks"] for node in links["nodes"]]
    assert {"status": "OK"} in links["sources"]


async def test_a_small_number_that_is_too_large_is_null_beside_the_other_fields() -> None:
    def with_code(_: httpx2.Request, body: Any) -> Any:
        for row in body["domains"]:
            row["redirect_code"] = 3_000_000_000
        return body

    gateway = open_gateway(around=rewriting("/tinycc/domains", with_code))
    found = await gateway.data('{ domains(accounts: ["tinycc"]) { nodes { name redirectStatus } } }')
    assert {node["redirectStatus"] for node in found["domains"]["nodes"]} == {None}
