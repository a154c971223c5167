"""A sandbox and a gateway over it: real processes on real sockets."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from harness.gateway import five_providers
from harness.program import Program, in_time, running
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts

_RUNNING = re.compile(r"^linkweave_vendor_calls_running{.*} (\S+)$", re.MULTILINE)
CREDENTIALS = frozenset({"token", "api_key"})


@dataclass(frozen=True)
class Vendors:
    """The sandbox and its controls."""

    url: str
    program: Program

    def break_provider(self, provider: str, kind: str, **details: object) -> None:
        httpx2.put(
            f"{self.url}/_sandbox/faults/{provider}", json={"kind": kind, **details}, timeout=30
        ).raise_for_status()

    def mend(self) -> None:
        # Opening a client takes as long as many calls.
        with httpx2.Client(base_url=self.url, timeout=30) as client:
            for provider in discover():
                client.delete(f"/_sandbox/faults/{provider}").raise_for_status()

    def counts(self, provider: str) -> dict[str, Any]:
        counts: dict[str, Any] = httpx2.get(f"{self.url}/_sandbox/calls", timeout=30).json()[provider]
        return counts

    def log(self) -> list[dict[str, Any]]:
        """Every call, of all providers."""
        log: Mapping[str, list[dict[str, Any]]] = httpx2.get(f"{self.url}/_sandbox/log", timeout=30).json()
        return [{"provider": name, **call} for name, calls in log.items() for call in calls]

    def forget_calls(self) -> None:
        httpx2.delete(f"{self.url}/_sandbox/calls", timeout=30).raise_for_status()


@dataclass(frozen=True)
class Held:
    """Sockets, memory, and running calls to vendors."""

    sockets: int
    megabytes: float
    calls: int


@dataclass(frozen=True)
class Gateway:
    """`linkweave serve`."""

    url: str
    program: Program

    def client(self, seconds: float = 30) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=self.url, timeout=seconds, limits=httpx2.Limits(max_connections=200))

    async def ask(self, query: str, **variables: object) -> Any:
        """The data that one caller gets within half a minute, on a connection of its own."""
        async with self.client() as client:
            answer = await client.post("/graphql", json={"query": query, "variables": variables})
        body = answer.json()
        assert "errors" not in body, body
        return body["data"]

    def holds(self) -> Held:
        """The resources that it holds now."""
        page = httpx2.get(f"{self.url}/metrics", timeout=30).text
        running = _RUNNING.findall(page)
        assert running, "it has not called a vendor yet"
        return Held(self.program.sockets(), self.program.resident_megabytes(), sum(round(float(n)) for n in running))

    def releases(self, before: Held, sockets: int, megabytes: float = 40) -> None:
        """Asserts that it soon holds no more than `before`, apart from connections that it will use again."""
        for _ in in_time(10):
            now = self.holds()
            if now.calls == 0 and now.sockets <= before.sockets + sockets:
                break
        assert now.calls == 0
        assert now.sockets <= before.sockets + sockets
        assert now.megabytes < before.megabytes + megabytes


@contextmanager
def vendors(folder: Path) -> Iterator[Vendors]:
    with running(["sandbox", "--port", "0"], folder / "sandbox.log") as program:
        yield Vendors(program.wait_for(r"(http://\S+)/_sandbox")[1], program)


@contextmanager
def gateway(
    folder: Path, accounts: Sequence[Mapping[str, object]], *, workers: int = 1, **sections: Mapping[str, object]
) -> Iterator[Gateway]:
    """A gateway with `accounts`; `sections` are the other tables of its configuration.

    At the end, its log holds no credential and no unexpected error.
    """
    file = folder / "linkweave.toml"
    tables = [f"[{name}]\n{_table(table)}" for name, table in sections.items()]
    tables += [f"[[accounts]]\n{_table(account)}" for account in accounts]
    file.write_text("\n".join(tables), "utf-8")
    command = ["serve", "--config", str(file), "--port", "0", "--workers", str(workers)]
    with running(command, folder / "gateway.log") as program:
        url = program.wait_for(r"(http://\S+)/graphql")[1]
        if workers > 1:
            program.wait_for_workers(workers)
        yield Gateway(url, program)
        written = program.output
    secrets = {str(account[name]) for account in accounts for name in CREDENTIALS & account.keys()}
    assert secrets
    assert not [secret for secret in secrets if secret in written]
    assert "Traceback" not in written
    assert '"outcome":"INTERNAL"' not in written


def accounts_of(url: str, *providers: str) -> list[dict[str, object]]:
    """The sandbox's accounts at `providers`, or at each of the five."""
    known = {name: discover()[name] for name in providers} if providers else five_providers()
    return sandbox_accounts(known, url)


def _table(table: Mapping[str, object]) -> str:
    # TOML writes these values as JSON does.
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
