import httpx2
import pytest
from starlette.applications import Starlette

from harness.emulators import ManualClock
from harness.gateway import open_gateway
from linkweave.app import build_app
from linkweave.cli.demo import demo_settings
from linkweave.edge.monitoring.health import health_routes
from linkweave.runtime.process import Process
from linkweave.settings import Settings

REPLICA = "the cache server is a read-only replica"


async def no_problem() -> None:
    return None


async def refusal() -> str:
    return REPLICA


def client(*, leaving: bool = False, cache: bool = True) -> httpx2.AsyncClient:
    app = Starlette(routes=[*health_routes(lambda: leaving, {"cache": no_problem if cache else refusal})])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1")


@pytest.mark.parametrize("leaving", [False, True])
async def test_a_process_that_answers_is_live_while_it_drains(leaving: bool) -> None:
    async with client(leaving=leaving, cache=False) as gateway:
        answer = await gateway.get("/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("cache", "shown"), [(True, {"cache": "ok"}), (False, {"cache": "degraded", "reason": REPLICA})]
)
async def test_a_cache_server_that_cannot_be_used_is_reported_and_the_gateway_is_ready(
    cache: bool, shown: dict[str, str]
) -> None:
    async with client(cache=cache) as gateway:
        answer = await gateway.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", **shown})


async def test_a_process_that_drains_is_not_ready() -> None:
    async with client(leaving=True) as gateway:
        answer = await gateway.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "leaving"})


async def test_probes_answer_only_get_and_head() -> None:
    async with client() as gateway:
        assert (await gateway.post("/ready")).status_code == 405


async def test_a_probe_calls_no_vendor() -> None:
    gateway = open_gateway()
    async with gateway.client() as http:
        assert [(await http.get(path)).status_code for path in ("/live", "/ready")] == [200, 200]
    assert gateway.calls() == {}


def with_cache(url: str) -> Settings:
    settings = demo_settings("http://sandbox")
    cache = settings.cache.model_validate({"url": url})
    return settings.model_copy(update={"cache": cache})


async def test_the_gateway_is_ready_without_its_cache_server_and_says_so() -> None:
    app = build_app(with_cache("redis://127.0.0.1:1"), ManualClock())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as http:
        reason = "the cache server cannot be reached: ConnectionError"
        assert (await http.get("/ready")).json() == {"status": "ready", "cache": "degraded", "reason": reason}


async def test_the_gateway_is_not_ready_while_its_process_drains() -> None:
    process = Process()
    app = build_app(demo_settings("http://sandbox"), ManualClock(), process=process)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as http:
        assert (await http.get("/ready")).json() == {"status": "ready", "cache": "ok"}
        process.is_draining = True
        assert (await http.get("/ready")).status_code == 503
