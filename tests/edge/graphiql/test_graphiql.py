import json
import re
from pathlib import Path

import httpx2
import pytest
from hatchling.builders.wheel import WheelBuilder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.cli.demo import first_query
from linkweave.edge import graphiql

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "frontend/graphiql/src/examples"
ASSETS = sorted((graphiql.STATIC / "assets").iterdir())
INDEX = (graphiql.STATIC / "index.html").read_text()
HASHED = re.compile(r"^[\w.-]+-[\w-]{8}\.(css|js|svg|ttf)$")


async def page(_request: Request) -> Response:
    return graphiql.graphiql_page()


def browser() -> httpx2.AsyncClient:
    app = Starlette(routes=[Route("/graphql", page), graphiql.graphiql_assets()])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


def directives(response: httpx2.Response) -> dict[str, str]:
    policy = response.headers["content-security-policy"]
    return {name: sources for name, _, sources in (part.partition(" ") for part in policy.split("; "))}


async def test_the_page_may_load_code_from_its_own_host_only() -> None:
    async with browser() as client:
        allowed = directives(await client.get("/graphql"))
    assert allowed["default-src"] == allowed["connect-src"] == "'self'"
    assert "script-src" not in allowed
    assert not re.search(r"https?:|\*|unsafe-eval", " ".join(allowed.values()))


async def test_the_page_may_not_be_framed_by_another_site() -> None:
    async with browser() as client:
        assert directives(await client.get("/graphql"))["frame-ancestors"] == "'none'"


async def test_browsers_validate_the_page_and_it_varies_by_accept() -> None:
    async with browser() as client:
        response = await client.get("/graphql")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["vary"] == "Accept"
    assert "<title>Linkweave</title>" in response.text


def test_the_page_names_no_other_host() -> None:
    assert not re.search(r"""(?:src|href)=["']?(?:\w+:|//)""", INDEX)


def test_the_page_has_no_inline_script() -> None:
    assert re.findall(r"<script[^>]*>(.*?)</script>", INDEX, re.DOTALL) == [""]


async def test_everything_that_the_page_names_is_served() -> None:
    named = re.findall(r"""(?:src|href)="([^"]+)""", INDEX)
    assert len(named) > 3
    async with browser() as client:
        assert {(await client.get(path)).status_code for path in named} == {200}


@pytest.mark.parametrize("asset", [asset for asset in ASSETS if asset.suffix in {".js", ".css"}], ids=lambda a: a.name)
def test_an_asset_loads_nothing_from_another_host(asset: Path) -> None:
    text = asset.read_text()
    loads = r"""(?:\bfrom|\bimport\(?|\bnew Worker\(|\bfetch\(|@import|url\()\s*["'`]?(?:https?:)?//\w"""
    assert not re.search(loads, text)


@pytest.mark.parametrize("asset", [asset for asset in ASSETS if asset.suffix in {".js", ".css"}], ids=lambda a: a.name)
def test_every_asset_that_an_asset_names_exists(asset: Path) -> None:
    named = re.findall(r"(?:/graphiql/|\./|assets/)([\w.-]+-[\w-]{8}\.(?:css|js|svg|ttf))", asset.read_text())
    assert set(named) <= {other.name for other in ASSETS}


def test_every_asset_carries_a_hash_in_its_name() -> None:
    assert [asset.name for asset in ASSETS if not HASHED.match(asset.name)] == []


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".svg", "image/svg+xml"),
        (".ttf", "font/ttf"),
    ],
)
async def test_an_asset_has_its_media_type_and_may_be_stored_for_good(suffix: str, media_type: str) -> None:
    asset = next(asset for asset in ASSETS if asset.suffix == suffix)
    async with browser() as client:
        response = await client.get(f"{graphiql.ASSETS_PATH}/{asset.name}")
    assert response.content == asset.read_bytes()
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_worker_has_the_pages_policy() -> None:
    worker = next(asset for asset in ASSETS if ".worker-" in asset.name)
    async with browser() as client:
        response = await client.get(f"{graphiql.ASSETS_PATH}/{worker.name}")
    assert response.headers["content-security-policy"] == graphiql.CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("name", ["", "nothing-abcdefgh.js", "../index.html", "..%2findex.html", "%00"])
async def test_an_unknown_asset_is_not_found(name: str) -> None:
    async with browser() as client:
        assert (await client.get(f"{graphiql.ASSETS_PATH}/{name}")).status_code == 404


def test_a_wheel_carries_every_built_file() -> None:
    carried = {Path(file.distribution_path) for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    built = {path for path in graphiql.STATIC.rglob("*") if path.is_file()}
    assert {path.relative_to(ROOT / "src") for path in built} <= carried


def test_the_built_files_hold_every_example() -> None:
    script = "".join(asset.read_text() for asset in ASSETS if asset.suffix == ".js")
    lines = [line.strip() for example in EXAMPLES.iterdir() for line in example.read_text().splitlines()]
    assert lines
    missing = [line for line in lines if line not in script and json.dumps(line)[1:-1] not in script]
    assert missing == [], "make graphiql builds them in"


def test_the_licences_of_what_is_built_in_are_shipped() -> None:
    licences = (graphiql.STATIC / "licenses.md").read_text()
    assert {"graphiql", "monaco-editor", "react"} <= set(re.findall(r"^## (\S+) - ", licences, re.MULTILINE))


def test_the_first_example_is_the_query_of_the_demo_and_of_the_readme() -> None:
    comment, _, query = (EXAMPLES / "01-campaign.graphql").read_text().partition("\n")
    assert comment.startswith("# One question over all vendors.")
    assert query == first_query()
