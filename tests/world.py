"""A sandbox, a gateway over it and, where wanted, a Valkey: real processes on real sockets."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts
from program import Program, running


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
        for provider in discover():
            httpx2.delete(f"{self.url}/_sandbox/faults/{provider}", timeout=30).raise_for_status()

    def counts(self, provider: str) -> dict[str, Any]:
        counts: dict[str, Any] = httpx2.get(f"{self.url}/_sandbox/calls", timeout=30).json()[provider]
        return counts

    def log(self) -> list[dict[str, Any]]:
        """Every call, of all providers."""
        told: Mapping[str, list[dict[str, Any]]] = httpx2.get(f"{self.url}/_sandbox/log", timeout=30).json()
        return [{"provider": name, **call} for name, calls in told.items() for call in calls]

    def forget_calls(self) -> None:
        httpx2.delete(f"{self.url}/_sandbox/calls", timeout=30).raise_for_status()


@dataclass(frozen=True)
class Gateway:
    """`linkweave serve`."""

    url: str
    program: Program

    def client(self, seconds: float = 30) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=self.url, timeout=seconds, limits=httpx2.Limits(max_connections=200))


@contextmanager
def vendors(folder: Path) -> Iterator[Vendors]:
    with running(["sandbox", "--port", "0"], folder / "sandbox.log") as program:
        yield Vendors(program.wait_for(r"(http://\S+)/_sandbox")[1], program)


@contextmanager
def gateway(
    folder: Path, accounts: Sequence[Mapping[str, object]], *, workers: int = 1, **sections: Mapping[str, object]
) -> Iterator[Gateway]:
    """A gateway with `accounts`; `sections` are the other tables of its configuration."""
    file = folder / "linkweave.toml"
    tables = [f"[{name}]\n{_table(table)}" for name, table in sections.items()]
    tables += [f"[[accounts]]\n{_table(account)}" for account in accounts]
    file.write_text("\n".join(tables), "utf-8")
    command = ["serve", "--config", str(file), "--port", "0", "--workers", str(workers)]
    with running(command, folder / "gateway.log") as program:
        yield Gateway(program.wait_for(r"(http://\S+)/graphql")[1], program)


def accounts_of(url: str, *providers: str) -> list[dict[str, object]]:
    """The sandbox's accounts at `providers`, or at all of them."""
    return [table for table in sandbox_accounts(discover(), url) if not providers or table["provider"] in providers]


def _table(table: Mapping[str, object]) -> str:
    # What JSON can say of one value, TOML says in the same way.
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
