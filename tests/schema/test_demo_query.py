from importlib.resources import files
from typing import Any

import pytest_asyncio

from harness.gateway import open_gateway

DEMO = (files("linkweave.cli") / "demo.graphql").read_text()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> Any:
    gateway = open_gateway()
    data = await gateway.data(DEMO)
    assert "chevereto" not in gateway.calls()
    assert len(gateway.calls()["cuttly"]) == 1
    return data


def test_the_demo_query_has_clicks_of_four_vendors_each_over_the_days_that_it_counts(demo: Any) -> None:
    clicks = {each["account"]["key"]: each["clicks"] for each in demo["stats"]["byAccount"]}
    clicks |= {demo["social"]["account"]["key"]: demo["social"]["stats"]["clicks"]}
    assert clicks.keys() == {"picsee-main", "tinycc", "shortenworld", "cuttly"}
    assert clicks.pop("tinycc") is None
    assert min(clicks.values()) > 0
    assert not demo["stats"]["complete"]
    assert all(link["clicks"] is not None for link in demo["links"]["nodes"])


def test_the_links_of_the_demo_query_have_tags_a_domain_and_two_breakdowns(demo: Any) -> None:
    links = demo["links"]["nodes"]
    assert {link["account"]["key"] for link in links} >= {"picsee-main", "tinycc"}
    assert all(link["tags"] and link["domain"]["name"] for link in links)
    picsee = [link["stats"] for link in links if link["account"]["key"] == "picsee-main"]
    assert all(stats["countries"]["buckets"] and stats["referrers"]["buckets"] for stats in picsee)


def test_the_demo_query_shows_accounts_without_lists_as_unsupported(demo: Any) -> None:
    sources = {each["account"]["key"]: each for each in demo["links"]["sources"]}
    assert {key for key, source in sources.items() if source["status"] == "UNSUPPORTED"} == {"chevereto", "cuttly"}
    assert sources["chevereto"]["error"]["code"] == "UNSUPPORTED"


def test_the_demo_query_has_the_plans_and_quotas_that_vendors_report(demo: Any) -> None:
    accounts = {each["key"]: each for each in demo["accounts"]}
    assert {key for key, account in accounts.items() if account["quotas"]} == {"picsee-main", "tinycc"}
    assert accounts["picsee-main"]["plan"]["name"] == "advanced"
    assert accounts["cuttly"]["plan"]["name"] == "team"
    assert accounts["chevereto"]["plan"] is None
