"""Subscribers of packages that others wrote: each gets events, comes back after a reload, and misses nothing."""

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.gateway_with_clients import ROOT, client
from harness.node_scripts import CLIENTS, PATIENCE_SECONDS
from harness.recipes import PYTHON_TOOLS
from harness.sockets import served
from linkweave.runtime.process import Process as GatewayProcess
from linkweave.server.app_swap import HotSwapApp

NODE_CLIENTS = ("graphqlWs", "graphqlSse", "apollo", "urql")


def commands(address: str) -> list[list[str]]:
    """The scripts that can run here."""
    node, python = shutil.which("node"), PYTHON_TOOLS / "python"
    found = []
    if node is not None and (CLIENTS / "node_modules" / "graphql-sse").exists():
        found.append([node, str(CLIENTS / "subscriptions.js"), address, ROOT])
    if any(PYTHON_TOOLS.parent.glob("lib/*/site-packages/gql")):
        found.append([str(python), str(CLIENTS / "subscriptions.py"), address, ROOT])
    return found


async def line_of(process: Process) -> str:
    assert process.stdout is not None
    assert process.stderr is not None
    line = await process.stdout.readline()
    assert line, (await process.stderr.read()).decode()
    return line.decode().strip()


async def run(scripts: Sequence[Sequence[str]], gateway: HotSwapApp, next_app: Any) -> list[Any]:
    """What each of the scripts has seen. All streams end once each script asks for that."""
    running = [await asyncio.create_subprocess_exec(*each, stdout=PIPE, stderr=PIPE, limit=10**7) for each in scripts]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert {await line_of(each) for each in running} == {"reload"}
            await gateway.replace(next_app)
            return [json.loads(await line_of(each)) for each in running]
    finally:
        for each in running:
            if each.returncode is None:
                each.kill()
            await each.wait()


async def test_each_client_gets_events_comes_back_and_misses_nothing() -> None:
    process = GatewayProcess()
    sections = {"clients": [client("root", ROOT, ["read", "write"], "*")]}
    first, second = (open_gateway(sections=sections, process=process).app for _ in range(2))
    gateway = HotSwapApp(first)
    async with served(gateway) as (address,):
        scripts = commands(f"{address}/graphql")
        if len(scripts) < 2:
            pytest.skip("`make clients` has not been run: subscribers of others are NOT tested here")
        results = await run(scripts, gateway, second)
    found = {name: (each["created"], told) for each in results for name, told in each["clients"].items()}
    assert found.keys() == {*NODE_CLIENTS, "gql"}
    for name, (created, told) in found.items():
        first_seen = created.index(told["seen"][0])
        assert told["seen"] == created[first_seen:], name
        assert told["kinds"] == ["CREATED"], name
    assert {name: told["ends"] for name, (_, told) in found.items() if name != "gql"} == {
        "graphqlWs": [1012],
        "graphqlSse": ["UNAVAILABLE"],
        "apollo": ["UNAVAILABLE"],
        "urql": ["UNAVAILABLE"],
    }
    refusals = {name: told["refused"] for name, (_, told) in found.items() if name != "gql"}
    assert refusals == {"graphqlWs": 4401, "graphqlSse": 401, "apollo": "UNAUTHENTICATED", "urql": 401}
    gql = found["gql"][1]
    assert "1012" in gql["ends"][0]
    assert "4401" in gql["refused"]
