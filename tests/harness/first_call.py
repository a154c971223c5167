"""Starts a gateway over the sandbox at an address, asks it one thing, and prints which modules that loaded."""

import asyncio
import sys

import httpx2

from linkweave.app import GRAPHQL_PATH, build_app
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts
from linkweave.settings import from_table

QUERY = "{ links(first: 100) { nodes { id expiry { at } createdAt stats { clicks } } sources { status } } }"


async def main(sandbox: str) -> None:
    gateway = build_app(from_table({"accounts": sandbox_accounts(discover(), sandbox)}, "demo"))
    async with (
        gateway.pages.router.lifespan_context(gateway.pages),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=gateway), base_url="http://127.0.0.1") as client,
    ):
        await client.post(GRAPHQL_PATH, json={"query": "{ __typename }"})
        before = set(sys.modules)
        answer = await client.post(GRAPHQL_PATH, json={"query": QUERY})
        assert len(answer.json()["data"]["links"]["nodes"]) == 100, answer.text
        print("loaded:", *sorted(set(sys.modules) - before))  # noqa: T201 - it is for who started this


asyncio.run(main(sys.argv[1]))
