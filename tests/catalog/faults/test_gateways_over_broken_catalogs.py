"""Live reads and writes never fail because of the catalog; the fields that need it say why they do."""

import asyncio
from pathlib import Path

import pytest

from harness.catalog_fixtures import running
from harness.gateway import Gateway, open_gateway

LIVE = """{
  links(first: 5, filter: { accounts: ["tinycc", "picsee-main"] }) {
    nodes { shortUrl title clicks }
    sources { status error { code } }
  }
}"""
CREATE = """mutation { payload: createLink(input: { accounts: ["tinycc"], destination: "https://example.com/new" }) {
  link { shortUrl } errors { message } } }"""
STATS = """{ stats(filter: { accounts: ["shortenworld", "cuttly"] }) {
  links clicks complete byAccount { clicks } sources { account { key } status } } }"""
KNOWN = "{ links(first: 5, read: CATALOG) { nodes { shortUrl } } }"


def _directory(path: Path) -> str:
    path.mkdir()
    return f"sqlite:///{path}"


def _corrupt(path: Path) -> str:
    path.write_bytes(b"garbage!" * 10_000)
    return f"sqlite:///{path}"


def _unreachable(_: Path) -> str:
    return "postgresql://user:secret-password@127.0.0.1:1/linkweave"


BROKEN = {
    _directory: "cannot be opened; does its folder exist, and may this user write there?",
    _corrupt: "is not a SQLite database, or is corrupt",
    _unreachable: "cannot be reached",
}


async def _answers(gateway: Gateway) -> list[object]:
    return [await gateway.data(LIVE), await gateway.payload(CREATE), await gateway.data(LIVE)]


@pytest.mark.parametrize("break_catalog", BROKEN)
async def test_answers_of_vendors_are_the_same_without_a_usable_catalog(tmp_path: Path, break_catalog: object) -> None:
    assert callable(break_catalog)
    url = break_catalog(tmp_path / "catalog.db")
    async with running(open_gateway()) as plain:
        expected = await _answers(plain)
    async with running(open_gateway(sections={"catalog": {"url": url}})) as gateway:
        assert await _answers(gateway) == expected
        reply = await gateway.ask(KNOWN)
        assert reply.codes == ["UNAVAILABLE"]
        assert reply.error["message"] == f"the catalog's database {BROKEN[break_catalog]}"
        async with gateway.client() as http:
            ready = await http.get("/ready")
        degraded = {"status": "ready", "cache": "ok", "catalog": "degraded", "reason": reply.error["message"]}
        assert (ready.status_code, ready.json()) == (200, degraded)


async def test_a_sum_does_not_lack_what_only_a_broken_catalog_knows(tmp_path: Path) -> None:
    async with running(open_gateway()) as plain:
        expected = (await plain.data(STATS))["stats"]
    assert expected["clicks"] > 0
    async with running(open_gateway(sections={"catalog": {"url": _corrupt(tmp_path / "catalog.db")}})) as gateway:
        found = (await gateway.data(STATS))["stats"]
    failed = {"account": {"key": "cuttly"}, "status": "FAILED"}
    assert failed in found["sources"]
    assert {**found, "sources": None} == {**expected, "sources": None}


async def test_a_gateway_whose_catalog_can_be_used_says_so(tmp_path: Path) -> None:
    sections = {"catalog": {"url": f"sqlite:///{tmp_path / 'catalog.db'}"}}
    async with running(open_gateway(sections=sections)) as gateway, gateway.client() as http:
        async with asyncio.timeout(30):
            # On a busy machine, the tables may take longer than a probe waits.
            while (await http.get("/ready")).json() != {"status": "ready", "cache": "ok", "catalog": "ok"}:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)
