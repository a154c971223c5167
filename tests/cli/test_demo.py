import asyncio
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from graphql import parse, validate

from harness.emulators import ManualClock
from harness.linkweave_process import linkweave
from harness.sockets import refused
from linkweave.cli.demo import DemoOptions, build_demo, demo_settings, first_query
from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover
from linkweave.schema.build import build_schema

GATEWAY, SANDBOX = "http://127.0.0.1:8000", "http://127.0.0.1:8001"


def greeting() -> str:
    return build_demo(GATEWAY, SANDBOX, ManualClock()).greeting


def test_the_greeting_has_the_urls_and_the_query_to_paste() -> None:
    assert f"{GATEWAY}/graphql" in greeting()
    assert f"{SANDBOX}/_sandbox/calls" in greeting()
    assert first_query() in greeting()
    accounts = [str(table["key"]) for table in demo_settings(SANDBOX).accounts]
    assert f"of {len(accounts)} vendors ({', '.join(accounts)})" in greeting()


def test_the_greeting_says_that_a_cold_page_takes_seconds_and_why() -> None:
    assert "PicSee allows one call a second" in " ".join(greeting().split())


def test_the_demo_has_one_account_of_each_provider_at_the_sandbox() -> None:
    tables = demo_settings(SANDBOX).accounts
    assert [table["base_url"] for table in tables] == [f"{SANDBOX}/{name}" for name in discover()]


DEMO_CONFIG = """
[server]
host = "0.0.0.0"
allowed_headers = ["x-tenant"]
[limits]
cost = 7
[[clients]]
name = "dashboard"
token_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
accounts = ["tinycc"]
[[accounts]]
key = "mine"
provider = "tinycc"
api_key = "${NOT_SET_FOR_THE_DEMO}"
"""


def test_a_file_counts_for_the_demo_except_for_its_accounts(tmp_path: Path) -> None:
    path = tmp_path / "linkweave.toml"
    path.write_text(DEMO_CONFIG)
    settings = demo_settings(SANDBOX, DemoOptions(config=path, port=9, allowed_origins=("https://app.example.com",)))
    assert [table["provider"] for table in settings.accounts] == list(discover())
    assert (settings.server.host, settings.server.port, settings.limits.cost) == ("0.0.0.0", 9, 7)  # noqa: S104 - the file's
    assert settings.server.allowed_origins == ("https://app.example.com",)
    assert settings.server.serves_graphiql
    assert "Callers need a token" in build_demo(GATEWAY, SANDBOX, ManualClock(), settings).greeting


@pytest.mark.parametrize(
    ("options", "place"),
    [
        (DemoOptions(allowed_origins=("app.example.com",)), "demo: server.allowed_origins[0]: must be an origin "),
        (DemoOptions(config=Path("/nowhere.toml")), "/nowhere.toml: cannot be read"),
    ],
)
def test_a_wrong_option_of_the_demo_is_named(options: DemoOptions, place: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        demo_settings(SANDBOX, options)
    assert str(caught.value).startswith(place)


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


def test_the_demo_may_be_open_to_other_machines_and_answers_its_first_query_with_four_vendors_data_and_stops() -> None:
    options = ("--host", "0.0.0.0", "--allow-origin", "https://app.example.com")  # noqa: S104 - what is tested
    with linkweave("demo", "--port", "0", "--sandbox-port", "0", *options) as running:
        url = running.wait_for(r"GraphiQL +(http://127\.0\.0\.1:\S+)")[1]
        calls = running.wait_for(r"Sandbox +(http://\S+)")[1]
        running.wait_for("Every machine that reaches this one can use the demo")
        running.wait_for("Stop with Ctrl")
        page = httpx2.get(url, headers={"accept": "text/html", "host": "links.example.com"})
        known, unknown = (
            httpx2.post(url, json={"query": "{ accounts { key } }"}, headers={"origin": origin})
            for origin in ("https://app.example.com", "https://evil.example.com")
        )
        body = httpx2.post(url, json={"query": first_query()}, timeout=60).json()
        asked = httpx2.get(calls).json()
        live = {"query": "subscription { linkChanges { id } }"}
        with httpx2.stream("POST", url, json=live, headers={"accept": "text/event-stream"}, timeout=60) as stream:
            parts = stream.iter_text()
            assert next(parts).startswith(": ping")
            status = running.stop(signal.SIGINT)
            assert "UNAVAILABLE" in "".join(parts)
    assert "<title>" in page.text
    assert (known.status_code, unknown.status_code) == (200, 403)
    assert known.headers["access-control-allow-origin"] == "https://app.example.com"
    assert "errors" not in body
    _shows_four_vendors(body["data"])
    called = {name for name, count in asked.items() if count["calls"]}
    # The catalog calls the others when it comes to them.
    assert {"cuttly", "picsee", "shortenworld", "tinycc"} <= called <= set(discover()) - {"chevereto"}
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
    assert {key for key, status in statuses.items() if status != "OK"} == {"chevereto", "cuttly"}
    assert {each["account"]["key"] for each in data["stats"]["byAccount"]} >= linked
    assert {domain["account"]["key"] for domain in data["domains"]["nodes"]} >= linked
    assert len(data["tags"]["nodes"]) == 5


async def test_both_apps_of_the_demo_work_together_in_process() -> None:
    demo = build_demo(GATEWAY, SANDBOX, ManualClock())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=demo.gateway), base_url=GATEWAY) as client:
        answer = await client.post("/graphql", json={"query": "{ accounts { key } }"})
    await asyncio.sleep(0)
    assert len(answer.json()["data"]["accounts"]) == len(discover())
    assert list(demo.sandbox.slots) == list(discover())
