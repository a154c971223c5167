"""A reload decides again what clients may see, also those that the exact request cache answered."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import httpx2
import pytest

from harness.linkweave_process import account_table
from harness.sockets import served
from linkweave.runtime.process import open_process
from linkweave.server.reload import ConfigurationSource, GatewayService, checked_accounts

TOKEN = "a-token-0123456789"
Ask: TypeAlias = Callable[[], Awaitable[httpx2.Response]]

pytestmark = pytest.mark.usefixtures("kept_logging")


def write(path: Path, seen: Sequence[str], token: str = TOKEN) -> None:
    """A configuration of two accounts, and of a client that sees those in `seen`."""
    accounts = "".join(account_table("http://127.0.0.1:1", "tinycc", key=account) for account in ("one", "two"))
    client = {"name": "dashboard", "token_sha256": sha256(token.encode()).hexdigest(), "accounts": list(seen)}
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in client.items())
    path.write_text(f"[[clients]]\n{lines}{accounts}")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "linkweave.toml"
    write(path, ["*"])
    return path


@pytest.fixture
def service(config: Path) -> GatewayService:
    source = ConfigurationSource(config, {}, "signs-cursors")
    settings = source.load()
    return GatewayService(source, settings, open_process(settings, checked_accounts(settings)))


@pytest.fixture
async def ask(service: GatewayService) -> AsyncIterator[Ask]:
    """Sends a request that was repeated so often that the exact request cache answers it."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with served(service.app) as (address,), httpx2.AsyncClient(base_url=address, trust_env=False) as http:

        async def asked() -> httpx2.Response:
            return await http.post("/graphql", json={"query": "{ accounts { key } }"}, headers=headers)

        for _ in range(4):
            assert [each["key"] for each in (await asked()).json()["data"]["accounts"]] == ["one", "two"]
        yield asked


async def test_a_token_that_was_removed_is_refused(service: GatewayService, config: Path, ask: Ask) -> None:
    write(config, ["*"], "another-token-0123456789")
    await service.reload()
    assert [(await ask()).status_code for _ in range(2)] == [401, 401]


async def test_an_account_that_was_removed_from_a_client_is_not_seen(
    service: GatewayService, config: Path, ask: Ask
) -> None:
    write(config, ["two"])
    await service.reload()
    for _ in range(4):
        assert (await ask()).json() == {"data": {"accounts": [{"key": "two"}]}}
