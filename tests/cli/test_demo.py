import asyncio
import signal
from typing import Any

import httpx2
from graphql import parse, validate

from harness.emulators import ManualClock
from harness.linkweave_process import linkweave
from harness.sockets import refused
from linkweave.cli.demo import build_demo, demo_settings, first_query
from linkweave.providers.discovery import discover
from linkweave.schema.build import build_schema

GATEWAY, SANDBOX = "http://127.0.0.1:8000", "http://127.0.0.1:8001"


def greeting() -> str:
    return build_demo(GATEWAY, SANDBOX, ManualClock()).greeting


def test_the_greeting_has_the_urls_and_the_query_to_paste() -> None:
    assert f"{GATEWAY}/graphql" in greeting()
    assert f"{SANDBOX}/_sandbox/calls" in greeting()
    assert first_query() in greeting()
    assert "(chevereto, cuttly, picsee-main, shortenworld, tinycc)" in greeting()


def test_the_greeting_says_that_a_cold_page_takes_seconds_and_why() -> None:
    assert "PicSee allows one call a second" in " ".join(greeting().split())


def test_the_demo_has_one_account_of_each_provider_at_the_sandbox() -> None:
    tables = demo_settings(SANDBOX).accounts
    assert [table["base_url"] for table in tables] == [f"{SANDBOX}/{name}" for name in discover()]


def test_the_first_query_is_valid() -> None:
    assert validate(build_schema()._schema, parse(first_query())) == []  # noqa: SLF001 - strawberry hands out no other


def names(node: Any) -> set[str]:
    """Every field and argument name in a query."""
    own = {node.name.value} if getattr(node, "name", None) else set()
    below = [getattr(node, key) for key in node.keys if key != "loc"]
    children = [child for each in below for child in (each if isinstance(each, tuple) else [each])]
    return own.union(*(names(child) for child in children if hasattr(child, "keys")))


def test_the_first_query_shows_what_a_gateway_over_several_vendors_is_for() -> None:
    shown = names(parse(first_query()))
    assert shown >= {"links", "tags", "domain", "account", "stats", "breakdown", "domains", "accounts", "byAccount"}
    assert shown >= {"plan", "quotas", "sources", "status", "error"}


def test_the_demo_answers_its_first_query_over_sockets_with_four_vendors_data_and_stops() -> None:
    with linkweave("demo", "--port", "0", "--sandbox-port", "0") as running:
        url = running.wait_for(r"GraphiQL +(http://\S+)")[1]
        calls = running.wait_for(r"Sandbox +(http://\S+)")[1]
        running.wait_for("Stop with Ctrl")
        page = httpx2.get(url, headers={"accept": "text/html"})
        body = httpx2.post(url, json={"query": first_query()}, timeout=60).json()
        asked = httpx2.get(calls).json()
        status = running.stop(signal.SIGINT)
    assert "<title>" in page.text
    assert "errors" not in body
    _shows_four_vendors(body["data"])
    assert {name for name, count in asked.items() if count["calls"]} == set(discover()) - {"chevereto"}
    assert status == 0
    assert refused(url)
    assert refused(calls)
    assert "Traceback" not in running.output


def _shows_four_vendors(data: dict[str, Any]) -> None:
    linked = {link["account"]["key"] for link in data["links"]["nodes"]}
    assert linked == {"picsee-main", "shortenworld", "tinycc"}
    assert data["social"]["account"]["key"] == "cuttly"
    assert data["social"]["stats"]["clicks"] > 0
    statuses = {source["account"]["key"]: source["status"] for source in data["links"]["sources"]}
    assert statuses == dict.fromkeys(linked, "OK") | {"chevereto": "UNSUPPORTED", "cuttly": "UNSUPPORTED"}
    assert {each["account"]["key"] for each in data["stats"]["byAccount"]} == linked
    assert {domain["account"]["key"] for domain in data["domains"]["nodes"]} == linked
    assert len(data["tags"]["nodes"]) == 5


async def test_both_apps_of_the_demo_work_together_in_process() -> None:
    demo = build_demo(GATEWAY, SANDBOX, ManualClock())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=demo.gateway), base_url=GATEWAY) as client:
        answer = await client.post("/graphql", json={"query": "{ accounts { key } }"})
    await asyncio.sleep(0)
    assert len(answer.json()["data"]["accounts"]) == 5
    assert list(demo.sandbox.slots) == list(discover())
