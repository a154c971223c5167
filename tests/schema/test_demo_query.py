from importlib.resources import files

from harness.gateway import open_gateway

DEMO = (files("linkweave.cli") / "demo.graphql").read_text()


async def test_the_demo_query_has_no_errors() -> None:
    reply = await open_gateway().ask(DEMO)
    assert reply.errors == []


async def test_the_demo_query_has_clicks_of_four_vendors() -> None:
    data = await open_gateway().data(DEMO)
    clicks = {each["account"]["key"]: each["clicks"] for each in data["stats"]["byAccount"]}
    clicks |= {data["social"]["account"]["key"]: data["social"]["stats"]["clicks"]}
    assert clicks.keys() == {"picsee-main", "tinycc", "shortenworld", "cuttly"}
    assert min(clicks.values()) > 0


async def test_the_links_of_the_demo_query_have_tags_a_domain_and_two_breakdowns() -> None:
    links = (await open_gateway().data(DEMO))["links"]["nodes"]
    assert {link["account"]["key"] for link in links} >= {"picsee-main", "tinycc"}
    assert all(link["tags"] and link["domain"]["name"] for link in links)
    picsee = [link["stats"] for link in links if link["account"]["key"] == "picsee-main"]
    assert all(stats["countries"]["buckets"] and stats["referrers"]["buckets"] for stats in picsee)


async def test_the_demo_query_shows_accounts_without_lists_as_unsupported_and_does_not_call_them() -> None:
    gateway = open_gateway()
    sources = {each["account"]["key"]: each for each in (await gateway.data(DEMO))["links"]["sources"]}
    assert {key for key, source in sources.items() if source["status"] == "UNSUPPORTED"} == {"chevereto", "cuttly"}
    assert sources["chevereto"]["error"]["code"] == "UNSUPPORTED"
    assert "chevereto" not in gateway.calls()
    assert len(gateway.calls()["cuttly"]) == 1


async def test_the_demo_query_has_the_plans_and_quotas_that_vendors_report() -> None:
    accounts = {each["key"]: each for each in (await open_gateway().data(DEMO))["accounts"]}
    assert {key for key, account in accounts.items() if account["quotas"]} == {"picsee-main", "tinycc"}
    assert accounts["picsee-main"]["plan"]["name"] == "advanced"
    assert accounts["cuttly"]["plan"]["name"] == "team"
    assert accounts["chevereto"]["plan"] is None
