"""Uploads by curl and by pages with fetch and FormData in Chromium, over real sockets."""

import asyncio
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.browser_page import browse, page
from harness.gateway import five_providers
from harness.multipart_client import UPLOAD, png
from linkweave.app import build_app
from linkweave.clock import SystemClock
from linkweave.sandbox import Sandbox, sandbox_accounts
from linkweave.server.run import listen, url
from linkweave.settings import from_table

CURL = shutil.which("curl")
# Seconds after which a hanging client is stopped.
PATIENCE_SECONDS = 120

OPERATIONS = {"query": UPLOAD, "variables": {"input": {"account": "chevereto", "file": None}}}
PLACES = {"0": ["variables.input.file"]}
TWO = {
    "query": """mutation ($a: UploadFileInput!, $b: UploadFileInput!) {
      a: uploadFile(input: $a) { upload { originalFilename } } b: uploadFile(input: $b) { upload { originalFilename } }
    }""",
    "variables": {name: {"account": "chevereto", "file": None} for name in "ab"},
}


@dataclass(frozen=True)
class Demo:
    """A gateway over the sandbox on sockets. `own` pages are beside the gateway, `foreign` ones at another origin."""

    gateway: str
    sandbox: str
    foreign: str
    pages: dict[str, str]
    client: httpx2.Client

    @property
    def graphql(self) -> str:
        return f"{self.gateway}/graphql"

    def writes(self) -> Mapping[str, int]:
        """What reached the vendors."""
        counts = self.client.get(f"{self.sandbox}/_sandbox/calls").json()
        return {name: count["calls"] for name, count in counts.items() if count["calls"]}

    def reset(self) -> None:
        self.client.post(f"{self.sandbox}/_sandbox/reset").raise_for_status()


@dataclass(frozen=True)
class WithPages:
    """`app`, and the pages of a test beside it."""

    app: ASGIApp
    pages: Mapping[str, str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/pages/"):
            name = scope["path"].removeprefix("/pages/")
            await HTMLResponse(self.pages[name])(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@contextmanager
def served(*sites: tuple[ASGIApp, socket.socket]) -> Iterator[None]:
    """Serve apps in a thread of its own, so that tests may wait for other processes."""
    servers = [uvicorn.Server(uvicorn.Config(app, log_config=None)) for app, _ in sites]

    async def serve() -> None:
        listeners = [listener for _, listener in sites]
        await asyncio.gather(*(s.serve([each]) for s, each in zip(servers, listeners, strict=True)))

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    gateway, sandbox, foreign = (listen("127.0.0.1", 0) for _ in range(3))
    pages: dict[str, str] = {}
    # Unlike the demo, the gateway warms no cache. So every vendor call is the call of a test.
    settings = from_table({"accounts": sandbox_accounts(five_providers(), url(sandbox))}, "demo")
    own = WithPages(build_app(settings, SystemClock()), pages)
    vendors = Sandbox(five_providers(), SystemClock())
    sites = ((own, gateway), (vendors, sandbox), (WithPages(Starlette(), pages), foreign))
    # The listeners take connections already; uvicorn answers them when it has started.
    with served(*sites), httpx2.Client(trust_env=False) as client:
        yield Demo(url(gateway), url(sandbox), url(foreign), pages, client)


@pytest.fixture(autouse=True)
def _fresh(demo: Demo) -> None:
    demo.reset()


def curl(demo: Demo, *arguments: str) -> tuple[int, Any]:
    """The status and the JSON that curl prints."""
    if CURL is None:
        pytest.skip("curl is not installed: uploads with it are NOT tested here")
    command = [CURL, "--silent", "--noproxy", "*", "--write-out", "\n%{http_code}", *arguments, demo.graphql]
    done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_SECONDS)  # noqa: S603 - curl itself
    body, _, status = done.stdout.decode().rpartition("\n")
    return int(status), json.loads(body)


def form(operations: object, places: object, *files: Path) -> list[str]:
    """curl's arguments for a form whose files are called "0", "1" and so on."""
    fields = [
        ("--form-string", f"{name}={json.dumps(text)}") for name, text in (("operations", operations), ("map", places))
    ]
    parts = [("--form", f"{place}=@{path};type=image/png") for place, path in enumerate(files)]
    return [word for pair in (*fields, *parts) for word in pair]


def test_curl_uploads_a_file_and_gets_a_short_link(demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "coat.png"
    path.write_bytes(png(8, 5))
    shorten = {"accounts": ["tinycc"], "slug": "coat26"}
    given = {"account": "chevereto", "file": None, "title": "A coat", "shorten": shorten}
    operations = {"query": UPLOAD, "variables": {"input": given}}
    status, body = curl(demo, "--header", "GraphQL-Require-Preflight: 1", *form(operations, PLACES, path))
    payload = body["data"]["payload"]
    assert (status, payload["errors"]) == (200, [])
    assert (payload["upload"]["width"], payload["upload"]["originalFilename"]) == (8, "coat.png")
    assert payload["link"]["shortUrl"] == "https://go.shopdemo.example/coat26"
    assert payload["link"]["destination"] == payload["upload"]["url"]


def test_curl_uploads_two_files_in_one_operation(demo: Demo, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.png" for name in ("first", "second")]
    for shade, path in enumerate(paths):
        path.write_bytes(png(shade=shade))
    places = {"0": ["variables.a.file"], "1": ["variables.b.file"]}
    status, body = curl(demo, "--header", "Apollo-Require-Preflight: x", *form(TWO, places, *paths))
    assert status == 200
    assert body["data"] == {
        "a": {"upload": {"originalFilename": "first.png"}},
        "b": {"upload": {"originalFilename": "second.png"}},
    }


def test_curl_uploads_twenty_megabytes(demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png().ljust(20_000_000, b"\0"))
    status, body = curl(demo, "--header", "X-Requested-With: curl", *form(OPERATIONS, PLACES, path))
    assert (status, body["data"]["payload"]["errors"]) == (200, [])
    assert body["data"]["payload"]["upload"]["size"] == 20_000_000


def test_curl_without_the_preflight_header_is_rejected(demo: Demo, tmp_path: Path) -> None:
    path = tmp_path / "coat.png"
    path.write_bytes(png())
    status, body = curl(demo, *form(OPERATIONS, PLACES, path))
    assert status == 400
    assert "GraphQL-Require-Preflight" in body["errors"][0]["message"]
    assert demo.writes() == {}


def test_curl_with_another_form_encoding_is_rejected(demo: Demo) -> None:
    status, _ = curl(demo, "--data", json.dumps({"query": "{ __typename }"}))
    assert status == 415


def test_a_page_uploads_files_with_fetch_and_form_data(demo: Demo, tmp_path: Path) -> None:
    script = f"""
      const [one, two, places] = [{json.dumps(OPERATIONS)}, {json.dumps(TWO)}, {json.dumps(PLACES)}];
      const headers = {{ "GraphQL-Require-Preflight": "1" }};
      await send("one", "/graphql", {{ headers, body: form(one, places, {{ 0: picture("Mäntel \\"26\\".png", 1) }}) }});
      const both = {{ 0: ["variables.a.file"], 1: ["variables.b.file"] }};
      const files = {{ 0: picture("a.png", 2), 1: picture("b.png", 3) }};
      await send("two", "/graphql", {{ headers, body: form(two, both, files) }});
      await send("bare", "/graphql", {{ body: form(one, places, {{ 0: picture("c.png", 4) }}) }});
    """
    demo.pages["own"] = page(script)
    results = browse(f"{demo.gateway}/pages/own", tmp_path)
    one = json.loads(results["one"]["text"])["data"]["payload"]
    assert one["errors"] == []
    assert (one["upload"]["width"], one["upload"]["height"], one["upload"]["mimeType"]) == (6, 4, "image/png")
    assert one["upload"]["originalFilename"].replace("%22", '"') == 'Mäntel "26".png'
    two = json.loads(results["two"]["text"])["data"]
    assert [two[name]["upload"]["originalFilename"] for name in "ab"] == ["a.png", "b.png"]
    assert results["bare"]["status"] == 400
    assert demo.writes() == {"chevereto": 3}


def test_a_page_of_another_origin_cannot_change_anything(demo: Demo, tmp_path: Path) -> None:
    query = json.dumps({"query": 'mutation { createTag(account: "tinycc", name: "forged") { tag { name } } }'})
    script = f"""
      const [address, one, places] = ["{demo.graphql}", {json.dumps(OPERATIONS)}, {json.dumps(PLACES)}];
      const body = () => form(one, places, {{ 0: picture("forged.png", 9) }});
      const text = {json.dumps(query)};
      const json = {{ "content-type": "application/json" }};
      await send("form", address, {{ body: body() }});
      await send("blind form", address, {{ mode: "no-cors", body: body() }});
      await send("form with a header", address, {{ headers: {{ "GraphQL-Require-Preflight": "1" }}, body: body() }});
      await send("blind with a header", address, {{
        mode: "no-cors", headers: {{ "GraphQL-Require-Preflight": "1" }}, body: body() }});
      await send("text", address, {{ mode: "no-cors", body: text }});
      await send("urlencoded", address, {{ mode: "no-cors", body: new URLSearchParams({{ query: text }}) }});
      await send("json", address, {{ headers: json, body: text }});
      await send("blind json", address, {{ mode: "no-cors", headers: json, body: text }});
      await send("blob", address, {{ mode: "no-cors", body: new Blob([text], {{ type: "application/json" }}) }});
    """
    demo.pages["foreign"] = page(script)
    results = browse(f"{demo.foreign}/pages/foreign", tmp_path)
    assert len(results) == 9
    # The page may send some of them, and can read the answer of none.
    assert {result.get("error") or result["type"] for result in results.values()} <= {"TypeError", "opaque"}
    assert {name for name, result in results.items() if "error" in result} >= {"form", "form with a header", "json"}
    assert demo.writes() == {}


def test_a_page_of_another_origin_cannot_cause_a_vendor_call(demo: Demo, tmp_path: Path) -> None:
    query = "query=" + quote('{ account(key: "tinycc") { tags { name } } }')
    script = f"""
      const address = "{demo.graphql}?{query}";
      await send("read", address, {{ method: "GET" }});
      await send("blind", address, {{ method: "GET", mode: "no-cors" }});
      for (const kind of ["img", "script", "iframe"]) {{
        await new Promise((done) => {{
          const element = document.createElement(kind);
          element.onload = element.onerror = done;
          element.src = address;
          document.body.append(element);
        }});
        results[kind] = {{ error: "loaded or not" }};
      }}
    """
    demo.pages["asking"] = page(script)
    assert len(browse(f"{demo.foreign}/pages/asking", tmp_path)) == 5
    assert demo.writes() == {}


def test_a_page_after_dns_rebinding_is_rejected(demo: Demo, tmp_path: Path) -> None:
    """As after DNS rebinding: to the browser, the gateway is the page's own host."""
    query = json.dumps({"query": '{ account(key: "tinycc") { tags { name } } }'})
    json_headers = '{ headers: { "content-type": "application/json" }'
    script = f"""
      await send("post", "/graphql", {json_headers}, body: {json.dumps(query)} }});
      await send("get", "/graphql?query=%7Baccounts%7Bkey%7D%7D", {{ method: "GET" }});
    """
    demo.pages["rebound"] = page(script)
    port = demo.gateway.rpartition(":")[2]
    rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    results = browse(f"http://evil.example:{port}/pages/rebound", tmp_path, rules)
    assert {name: result["status"] for name, result in results.items()} == {"post": 421, "get": 421}
    assert demo.writes() == {}
