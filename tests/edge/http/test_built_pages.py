"""The pages that this package brings: what they may load, and what is served of them."""

import json
import re
from pathlib import Path

import graphql
import httpx2
import pytest
from hatchling.builders.wheel import WheelBuilder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.cli.demo import first_query
from linkweave.edge.graphiql import GRAPHIQL
from linkweave.edge.http.built_page import BuiltPage
from linkweave.edge.overview import OVERVIEW, page_documents
from linkweave.edge.persisted_queries.manifest import hash_of
from linkweave.schema.build import build_schema

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "frontend/graphiql/src/examples"
PAGES = [GRAPHIQL, OVERVIEW]
ASSETS = [(page, asset) for page in PAGES for asset in sorted((page.static / "assets").iterdir())]
CODE = [(page, asset) for page, asset in ASSETS if asset.suffix in {".js", ".css"}]
HASHED = re.compile(r"^[\w.-]+-[\w-]{8}\.(css|js|svg|ttf)$")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_code = pytest.mark.parametrize(("page", "asset"), CODE, ids=lambda each: each.name)


def browser(page: BuiltPage) -> httpx2.AsyncClient:
    async def shown(_: Request) -> Response:
        return page.response()

    app = Starlette(routes=[Route("/page", shown), page.assets()])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


def index(page: BuiltPage) -> str:
    return (page.static / "index.html").read_text()


def directives(response: httpx2.Response) -> dict[str, str]:
    policy = response.headers["content-security-policy"]
    return {name: sources for name, _, sources in (part.partition(" ") for part in policy.split("; "))}


@each_page
async def test_a_page_may_load_code_from_its_own_host_only_and_may_not_be_framed(page: BuiltPage) -> None:
    async with browser(page) as client:
        allowed = directives(await client.get("/page"))
    assert allowed["default-src"] == allowed["connect-src"] == "'self'"
    assert allowed["frame-ancestors"] == "'none'"
    assert "script-src" not in allowed
    assert not re.search(r"https?:|\*|unsafe-eval", " ".join(allowed.values()))


@each_page
async def test_browsers_validate_a_page_and_it_varies_by_accept(page: BuiltPage) -> None:
    async with browser(page) as client:
        response = await client.get("/page")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["vary"] == "Accept"
    assert "<title>Linkweave</title>" in response.text


@each_page
def test_a_page_names_no_other_host_and_has_no_inline_script(page: BuiltPage) -> None:
    assert not re.search(r"""(?:src|href)=["']?(?:\w+:|//)""", index(page))
    assert re.findall(r"<script[^>]*>(.*?)</script>", index(page), re.DOTALL) == [""]


@each_page
async def test_everything_that_a_page_names_is_served(page: BuiltPage) -> None:
    named = re.findall(r"""(?:src|href)="([^"]+)""", index(page))
    assert len(named) > 2
    async with browser(page) as client:
        assert {(await client.get(path)).status_code for path in named} == {200}


@each_code
def test_an_asset_loads_nothing_from_another_host(page: BuiltPage, asset: Path) -> None:
    text = asset.read_text()
    loads = r"""(?:\bfrom|\bimport\(?|\bnew Worker\(|\bfetch\(|@import|url\()\s*["'`]?(?:https?:)?//\w"""
    assert not re.search(loads, text), page.name


@each_code
def test_every_asset_that_an_asset_names_exists(page: BuiltPage, asset: Path) -> None:
    named = re.findall(rf"(?:/{page.name}/|\./|assets/)([\w.-]+-[\w-]{{8}}\.(?:css|js|svg|ttf))", asset.read_text())
    assert set(named) <= {other.name for owner, other in ASSETS if owner is page}


def test_every_asset_carries_a_hash_in_its_name() -> None:
    assert [asset.name for _, asset in ASSETS if not HASHED.match(asset.name)] == []


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
    page, asset = next((page, asset) for page, asset in ASSETS if asset.suffix == suffix)
    async with browser(page) as client:
        response = await client.get(f"{page.assets_path}/{asset.name}")
    assert response.content == asset.read_bytes()
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_worker_has_the_pages_policy() -> None:
    page, worker = next((page, asset) for page, asset in ASSETS if ".worker-" in asset.name)
    async with browser(page) as client:
        response = await client.get(f"{page.assets_path}/{worker.name}")
    assert response.headers["content-security-policy"] == page.content_security_policy


@pytest.mark.parametrize("name", ["", "nothing-abcdefgh.js", "../index.html", "..%2findex.html", "%00"])
async def test_an_unknown_asset_is_not_found(name: str) -> None:
    async with browser(GRAPHIQL) as client:
        assert (await client.get(f"{GRAPHIQL.assets_path}/{name}")).status_code == 404


def test_a_wheel_carries_every_built_file() -> None:
    carried = {Path(file.distribution_path) for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    built = {path for page in PAGES for path in page.static.parent.rglob("*") if path.suffix not in {"", ".py", ".pyc"}}
    assert {path.relative_to(ROOT / "src") for path in built} <= carried


@pytest.mark.parametrize(
    ("page", "names"),
    [(GRAPHIQL, {"graphiql", "monaco-editor", "react"}), (OVERVIEW, {"react", "urql", "uplot"})],
    ids=["graphiql", "overview"],
)
def test_the_licences_of_what_is_built_in_are_shipped(page: BuiltPage, names: set[str]) -> None:
    licences = (page.static / "licenses.md").read_text()
    assert names <= set(re.findall(r"^## (\S+) - ", licences, re.MULTILINE))


def test_graphiql_holds_every_example() -> None:
    script = "".join(asset.read_text() for page, asset in ASSETS if page is GRAPHIQL and asset.suffix == ".js")
    lines = [line.strip() for example in EXAMPLES.iterdir() for line in example.read_text().splitlines()]
    assert lines
    missing = [line for line in lines if line not in script and json.dumps(line)[1:-1] not in script]
    assert missing == [], "make graphiql builds them in"


def test_the_first_example_is_the_query_of_the_demo_and_of_the_readme() -> None:
    comment, _, query = (EXAMPLES / "01-campaign.graphql").read_text().partition("\n")
    assert comment.startswith("# One question over all vendors.")
    assert query == first_query()


def test_the_documents_of_the_overview_page_are_valid_and_are_those_that_it_sends() -> None:
    schema = graphql.build_schema(build_schema().as_str())
    script = "".join(asset.read_text() for page, asset in ASSETS if page is OVERVIEW and asset.suffix == ".js")
    assert len(page_documents()) > 5
    for name, text in page_documents().items():
        assert graphql.validate(schema, graphql.parse(text)) == [], text
        assert name == hash_of(text)
        assert name in script, "make overview builds them in"
