"""Copies over GraphQL: the plan, the job, and what callers may see of both."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from harness.catalog_fixtures import running
from harness.gateway import Gateway, open_gateway
from linkweave.providers.discovery import discover

PROVIDERS = {name: discover()[name] for name in ("cuttly", "shortenworld", "tinycc", "yourls")}
# The SHA-256 of "test" and of "other".
CLIENTS = [
    {"name": name, "token_sha256": digest, "scopes": ["read", "write"], "accounts": accounts}
    for name, digest, accounts in (
        ("mover", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ["*"]),
        ("other", "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa", ["*"]),
    )
]
PLAN = """mutation Plan($input: PlanCopyInput!) {
  planCopy(input: $input) {
    plan { id from { key } to { key } calls seconds notices counts { state links }
      rows(first: 100) { nodes { source state reason lostFields target { slug destination } } } }
    errors { code message path }
  }
}"""
START = """mutation Start($plan: ID!, $loss: Boolean) {
  startCopy(input: { plan: $plan, allowLoss: $loss }) { job { id state total } errors { code message path } }
}"""
JOB = """query Job($id: ID!) {
  job(id: $id) {
    state done failed total error from { key } to { key }
    rows(first: 100) { nodes { source state shortUrl error } }
  }
}"""


NODE = "query N($id: ID!) { node(id: $id) { id } }"
RESUME = "mutation R($id: ID!) { resumeJob(job: $id) { job { state } errors { message } } }"
CANCEL = "mutation C($id: ID!) { cancelJob(job: $id) { job { state } errors { message } } }"


@pytest.fixture
def path(migrated_file: Path, tmp_path: Path) -> Path:
    """The file of an empty catalog."""
    shutil.copy(migrated_file, tmp_path / "catalog.db")
    return tmp_path / "catalog.db"


@pytest.fixture
async def gateway(path: Path) -> AsyncIterator[Gateway]:
    """A gateway with a catalog, over tiny.cc and YOURLS."""
    async with running(gateway_over(path)) as gateway:
        yield gateway


def gateway_over(path: Path, **sections: Any) -> Gateway:
    # The emulators answer in real time, and a busy machine is no reason for a deadline.
    catalog = {"url": f"sqlite:///{path}"}
    return open_gateway(providers=PROVIDERS, deadline_seconds=300, sections={"catalog": catalog, **sections})


async def plan(gateway: Gateway, **given: Any) -> Any:
    answer = await gateway.data(PLAN, input={"from": "tinycc", "to": "yourls", "filter": {"search": "poster"}, **given})
    return answer["planCopy"]


async def ended(gateway: Gateway, job_id: str) -> Any:
    async with asyncio.timeout(300):
        while True:
            job = (await gateway.data(JOB, id=job_id))["job"]
            if job["state"] not in {"WAITING", "RUNNING"}:
                return job
            await asyncio.sleep(0.05)


async def test_a_plan_says_what_the_copies_lose_and_writes_nothing(gateway: Gateway) -> None:
    made = (await plan(gateway))["plan"]
    assert (made["from"], made["to"]) == ({"key": "tinycc"}, {"key": "yourls"})
    assert made["notices"][0].startswith("clicks do not move")
    rows = made["rows"]["nodes"]
    assert 1 < len(rows) < 30, len(rows)
    assert {row["state"] for row in rows} == {"READY_WITH_LOSS"}
    assert all(set(row["lostFields"]) & {"note", "tags"} for row in rows)
    assert made["counts"] == [{"state": "READY_WITH_LOSS", "links": len(rows)}]
    nothing = (await gateway.data(START, plan=made["id"], loss=False))["startCopy"]["job"]
    assert nothing["total"] == 0


async def test_links_that_lose_a_field_are_copied_only_if_that_is_allowed(gateway: Gateway) -> None:
    assert (await gateway.data("{ jobs { nodes { id } } }"))["jobs"]["nodes"] == []
    made = (await plan(gateway))["plan"]
    rows = made["rows"]["nodes"]
    started = (await gateway.data(START, plan=made["id"], loss=True))["startCopy"]["job"]
    job = await ended(gateway, started["id"])
    assert (job["state"], job["done"], job["failed"], job["total"]) == ("DONE", len(rows), 0, len(rows))
    assert [row["source"] for row in job["rows"]["nodes"]] == [row["source"] for row in rows]
    copies = {row["shortUrl"] for row in job["rows"]["nodes"]}
    listed = await gateway.data('{ links(first: 100, filter: { accounts: ["yourls"] }) { nodes { shortUrl } } }')
    assert copies <= {link["shortUrl"] for link in listed["links"]["nodes"]}
    assert (await gateway.data(START, plan=made["id"], loss=True))["startCopy"]["job"]["state"] == "DONE"
    again = (await plan(gateway))["plan"]
    assert {row["state"] for row in again["rows"]["nodes"]} == {"EXISTS"}
    assert (await gateway.data("{ jobs { nodes { id } } }"))["jobs"]["nodes"] == [{"id": started["id"]}]
    nodes = await gateway.data(
        "query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[made["id"], started["id"]]
    )
    assert [node["__typename"] for node in nodes["nodes"]] == ["CopyPlan", "Job"]


async def test_a_copy_has_what_its_vendor_takes_only_in_an_update(gateway: Gateway) -> None:
    spring = {"to": "shortenworld", "filter": {"tags": {"all": ["spring"]}}}
    (error,) = (await plan(gateway, **spring))["errors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "domain"])
    assert "apac.swlink.example, emea.swlink.example, go.fashion.example" in error["message"]
    made = (await plan(gateway, **spring, domain="go.fashion.example"))["plan"]
    ready = made["rows"]["nodes"]
    assert len(ready) > 1
    assert {field for row in ready for field in row["lostFields"]} == {"note", "protected", "emailReports"}
    assert made["calls"] >= 2 * len(ready)
    started = (await gateway.data(START, plan=made["id"], loss=True))["startCopy"]["job"]
    job = await ended(gateway, started["id"])
    assert (job["state"], job["done"], job["failed"]) == ("DONE", len(ready), 0)
    slugs = {row["target"]["slug"] for row in ready}
    assert {row["shortUrl"] for row in job["rows"]["nodes"]} == {f"https://go.fashion.example/{slug}" for slug in slugs}
    on_domain = 'filter: { domains: ["go.fashion.example"], tags: { all: ["spring"] } }'
    copies = f"{{ links(first: 100, {on_domain}) {{ nodes {{ slug }} }} }}"
    assert slugs <= {link["slug"] for link in (await gateway.data(copies))["links"]["nodes"]}


async def test_rows_and_jobs_are_paged(gateway: Gateway) -> None:
    made = (await plan(gateway))["plan"]
    query = """query P($id: ID!, $after: String) {
      node(id: $id) { ... on CopyPlan { rows(first: 1, after: $after) { nodes { source } pageInfo { endCursor } } } }
    }"""
    sources, after = [], None
    for _ in made["rows"]["nodes"]:
        page = (await gateway.data(query, id=made["id"], after=after))["node"]["rows"]
        sources += [node["source"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert sources == [row["source"] for row in made["rows"]["nodes"]]
    for each in (made, (await plan(gateway))["plan"]):
        await gateway.data(START, plan=each["id"])
    jobs = (
        "query J($after: String) { jobs(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }"
    )
    first = (await gateway.data(jobs))["jobs"]
    second = (await gateway.data(jobs, after=first["pageInfo"]["endCursor"]))["jobs"]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]
    assert first["nodes"] != second["nodes"]


async def test_a_cancelled_job_stops_and_goes_on_when_it_is_started_again(path: Path) -> None:
    gateway = gateway_over(path)
    made = (await plan(gateway))["plan"]
    # Nothing works on jobs yet.
    job = (await gateway.data(START, plan=made["id"], loss=True))["startCopy"]["job"]
    assert (await gateway.data(CANCEL, id=job["id"]))["cancelJob"] == {"job": {"state": "CANCELLED"}, "errors": []}
    async with running(gateway):
        assert (await ended(gateway, job["id"]))["done"] == 0
        assert (await gateway.data(RESUME, id=job["id"]))["resumeJob"] == {"job": {"state": "WAITING"}, "errors": []}
        assert (await ended(gateway, job["id"]))["done"] == job["total"]
        for again in (await gateway.data(RESUME, id=job["id"]), await gateway.data(START, plan=made["id"], loss=True)):
            (payload,) = again.values()
            assert payload["job"]["state"] == "DONE"


@pytest.mark.parametrize(
    ("given", "code", "place", "message"),
    [
        ({"to": "tinycc"}, "INVALID_INPUT", ["input", "to"], "must be another account than from"),
        ({"to": "nobody"}, "INVALID_INPUT", ["input", "to"], "'nobody' is not an account"),
        ({"domain": " "}, "INVALID_INPUT", ["input", "domain"], "must not be blank"),
        ({"filter": {"accounts": ["yourls"]}}, "INVALID_INPUT", ["input", "filter", "accounts"], "must have tinycc"),
    ],
)
async def test_a_plan_that_cannot_be_made_says_why(
    gateway: Gateway, given: dict[str, Any], code: str, place: list[str], message: str
) -> None:
    answer = await plan(gateway, **given)
    assert answer["plan"] is None
    (error,) = answer["errors"]
    assert (error["code"], error["path"]) == (code, place)
    assert message in error["message"]


async def test_a_plan_is_its_clients_own(path: Path) -> None:
    async with running(gateway_over(path, clients=CLIENTS)) as both:
        mover, other = both.bearing("test"), both.bearing("other")
        made = (await plan(mover))["plan"]
        (error,) = (await other.data(START, plan=made["id"]))["startCopy"]["errors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "plan"])
        # Callers with equal rights share stored answers, but not these.
        assert (await mover.data(NODE, id=made["id"]))["node"] == {"id": made["id"]}
        assert (await other.data(NODE, id=made["id"]))["node"] is None


async def test_a_job_is_seen_by_callers_who_see_both_accounts(path: Path) -> None:
    clients = [CLIENTS[0], {**CLIENTS[1], "accounts": ["tinycc"]}]
    async with running(gateway_over(path, clients=clients)) as both:
        mover, other = both.bearing("test"), both.bearing("other")
        job = (await mover.data(START, plan=(await plan(mover))["plan"]["id"]))["startCopy"]["job"]
        assert (await mover.data(NODE, id=job["id"]))["node"] == {"id": job["id"]}
        assert (await other.data(NODE, id=job["id"]))["node"] is None
        assert (await other.data("{ jobs { nodes { id } } }"))["jobs"]["nodes"] == []
        (error,) = (await other.data(CANCEL, id=job["id"]))["cancelJob"]["errors"]
        assert error["message"] == "job: is not a job that you can see"


async def test_without_a_catalog_every_field_names_the_remedy() -> None:
    gateway = open_gateway(providers=PROVIDERS)
    (error,) = (await plan(gateway))["errors"]
    assert (error["code"], error["path"]) == ("UNSUPPORTED", None)
    assert "[catalog]" in error["message"]
    assert (await gateway.ask("{ jobs { nodes { id } } }")).codes == ["UNSUPPORTED"]


IMPORT = """mutation Import($urls: [String!]!) {
  importLinks(input: { account: "cuttly", shortUrls: $urls }) { results { state } }
}"""


async def test_links_of_a_vendor_that_cannot_list_are_copied_once_they_are_imported(gateway: Gateway) -> None:
    (error,) = (await plan(gateway, **{"from": "cuttly", "filter": None}))["errors"]
    assert (error["code"], error["path"]) == ("UNSUPPORTED", None)
    await gateway.data(IMPORT, urls=["https://cutt.ly/spring-sale"])
    made = (await plan(gateway, **{"from": "cuttly", "filter": None}))["plan"]
    assert "the links of cuttly are those that the catalog knows" in made["notices"]
    (row,) = made["rows"]["nodes"]
    assert row["source"] == "https://cutt.ly/spring-sale"


async def test_a_target_that_cannot_be_read_is_a_notice_and_a_source_an_error(path: Path) -> None:
    gateway = gateway_over(path, cache={"enabled": False})
    gateway.break_provider("yourls", "reset")
    try:
        made = (await plan(gateway))["plan"]
        assert any("taken slugs and existing links were not looked for" in notice for notice in made["notices"])
        gateway.mend_provider("yourls")
        gateway.break_provider("tinycc", "reset")
        (error,) = (await plan(gateway))["errors"]
        assert error["code"] == "UNAVAILABLE"
    finally:
        gateway.mend_provider("tinycc")
        async with running(gateway):
            """Closes the database."""
