"""What is asked of one account fails alone: null and an error with a code, beside everything else."""

from typing import Any

import pytest

from harness.gateway import UNCACHED, open_gateway
from harness.vendor_faults import KIND_NAMES, KINDS, PROVIDER, a_link_of

# Account, field, and the vendor's path behind it.
FIELDS = [
    ("picsee-main", "plan { name }", "/v2/my/api/status"),
    ("picsee-main", "externalIdUsage { links }", "/v4/my/api/usage"),
    ("picsee-main", "domains { name }", "/v4/my/api/domains"),
    ("picsee-main", "tags { name }", "/v4/my/api/tags"),
    ("picsee-main", "trackingPresets { utmSources }", "/v4/my/api/trackingTools"),
    ("tinycc", "plan { name }", "/account"),
    ("tinycc", "domains { name }", "/domains"),
    ("tinycc", "tags { name }", "/tags"),
    ("tinycc", "webhooks { nodes { url } }", "/webhooks"),
    ("shortenworld", "domains { name }", "/entity/domain/list"),
    ("shortenworld", "teams { name }", "/entity/team/list"),
    ("shortenworld", "campaigns { name }", "/entity/campaign/list"),
    ("shortenworld", "trackers { name }", "/entity/tracker/list"),
]
FIELD_NAMES = [f"{account}-{field.split()[0]}" for account, field, _ in FIELDS]


@pytest.mark.parametrize(("kind", "details", "code"), KINDS[::3], ids=KIND_NAMES[::3])
@pytest.mark.parametrize(("key", "field", "path"), FIELDS, ids=FIELD_NAMES)
async def test_a_fact_that_cannot_be_had_is_null_with_an_error(
    key: str, field: str, path: str, kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    gateway.break_provider(PROVIDER[key], kind, path=path, **details)
    reply = await gateway.ask(f"query ($key: String!) {{ account(key: $key) {{ key {field} }} }}", key=key)
    name = field.split(maxsplit=1)[0]
    assert reply.data == {"account": {"key": key, name: None}}
    assert reply.error["path"] == ["account", name]
    assert reply.error["extensions"]["code"] == code
    assert reply.error["extensions"]["account"] == key
    assert len(gateway.calls()[PROVIDER[key]]) <= 6


@pytest.mark.parametrize(("kind", "details", "code"), KINDS, ids=KIND_NAMES)
@pytest.mark.parametrize("key", ["picsee-main", "tinycc"])
async def test_quotas_that_cannot_be_had_are_none_and_an_error(
    key: str, kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    gateway.break_provider(PROVIDER[key], kind, **details)
    reply = await gateway.ask("query ($key: String!) { account(key: $key) { key quotas { name } } }", key=key)
    assert reply.data == {"account": {"key": key, "quotas": []}}
    assert reply.failing_paths() == {("account", "quotas"): code}
    assert reply.error["locations"]


async def test_plan_and_quotas_of_one_failed_call_are_two_errors() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "reset")
    reply = await gateway.ask('{ accounts(providers: ["tinycc"]) { plan { name } quotas { name } } }')
    assert reply.data == {"accounts": [{"plan": None, "quotas": []}]}
    assert reply.failing_paths() == {
        ("accounts", 0, "plan"): "UNAVAILABLE",
        ("accounts", 0, "quotas"): "UNAVAILABLE",
    }
    assert gateway.calls() == {"tinycc": ["GET /account"]}


@pytest.mark.parametrize(("kind", "details", "code"), KINDS[1::3], ids=KIND_NAMES[1::3])
@pytest.mark.parametrize(
    ("field", "broken"),
    [(field, broken) for field in ("tags", "domains") for broken in ("picsee", "tinycc")]
    + [("domains", "shortenworld")],
)
async def test_lists_of_tags_and_domains_say_who_failed(
    field: str, broken: str, kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    gateway.break_provider(broken, kind, **details)
    query = f"""{{ {field}(first: 100) {{
      nodes {{ name }} sources {{ account {{ provider {{ id }} }} status exhausted error {{ code }} }} }} }}"""
    page = (await gateway.data(query))[field]
    sources = {source["account"]["provider"]["id"]: source for source in page["sources"]}
    assert page["nodes"]
    assert (sources[broken]["status"], sources[broken]["exhausted"]) == ("FAILED", False)
    assert sources[broken]["error"] == {"code": code}
    able = {"tags": {"picsee", "tinycc"}, "domains": {"picsee", "tinycc", "shortenworld"}}[field]
    assert {name for name, source in sources.items() if source["status"] == "OK"} == able - {broken}
    assert {name for name, source in sources.items() if source["status"] == "UNSUPPORTED"} == sources.keys() - able


async def test_a_domain_has_its_name_though_the_rest_cannot_be_had() -> None:
    gateway = open_gateway()
    gateway.break_provider("picsee", "reset", path="/domains")
    query = '{ account(key: "picsee-main") { links(first: 1) { nodes { shortUrl domain { name kind } } } } }'
    reply = await gateway.ask(query)
    (link,) = reply.data["account"]["links"]["nodes"]
    assert link["domain"]["kind"] is None
    assert link["domain"]["name"] in link["shortUrl"]
    assert reply.codes == ["UNAVAILABLE"]


async def test_a_team_whose_name_cannot_be_had_is_null_on_its_link() -> None:
    gateway = open_gateway()
    gateway.break_provider("shortenworld", "reset", path="/team/list")
    reply = await gateway.ask(
        '{ account(key: "shortenworld") { links(first: 3) { nodes { shortUrl team { name } } } } }'
    )
    links = reply.data["account"]["links"]["nodes"]
    assert [link["team"] for link in links] == [None] * 3
    assert all(link["shortUrl"] for link in links)
    assert set(reply.codes) == {"UNAVAILABLE"}


@pytest.mark.parametrize(("kind", "details", "code"), KINDS, ids=KIND_NAMES)
async def test_a_link_that_cannot_be_asked_for_is_an_error_and_not_unknown(
    kind: str, details: dict[str, Any], code: str
) -> None:
    for key, provider in PROVIDER.items():
        gateway = open_gateway(sections=UNCACHED)
        link = await a_link_of(gateway, key)
        gateway.break_provider(provider, kind, **details)
        reply = await gateway.ask("query ($id: ID!) { link(id: $id) { slug } node(id: $id) { id } }", id=link)
        assert reply.data == {"link": None, "node": None}
        assert reply.failing_paths() == {("link",): code, ("node",): code}


async def test_a_short_url_whose_owner_cannot_be_asked_is_an_error_and_not_unknown() -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "reset")
    reply = await gateway.ask('{ link(shortUrl: "https://cutt.ly/spring-sale") { slug } }')
    assert reply.data == {"link": None}
    assert reply.codes == ["UNAVAILABLE"]
