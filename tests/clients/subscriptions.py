"""A subscriber of the package `gql`, run in the environment that `make clients` makes.

It prints "reload" when the server is to end all streams, and at last what it has seen.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import Any

# It is in an environment of its own.
from gql import Client, GraphQLRequest  # type: ignore[import-not-found]
from gql.transport.exceptions import TransportError  # type: ignore[import-not-found]
from gql.transport.websockets import WebsocketsTransport  # type: ignore[import-not-found]

CREATED = """subscription Created($kinds: [ChangeKind!], $after: ID) {
  linkChanges(kinds: $kinds, after: $after) { id kind link { destination } }
}"""
CREATE = """mutation Create($input: CreateLinkInput!) { createLink(input: $input) { errors { message } } }"""
OURS = "https://python.example.com/"


@dataclass
class Follower:
    """What was created, and what was seen of it."""

    url: str
    token: str
    created: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    after: str | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, **payload: str) -> Any:
        return Client(transport=WebsocketsTransport(url=self.url, init_payload=payload, ping_interval=5))

    def known(self) -> Any:
        return self.client(Authorization=f"Bearer {self.token}")

    async def follow(self, session: Any) -> None:
        request = GraphQLRequest(CREATED, variable_values={"kinds": ["CREATED"], "after": self.after})
        async for answer in session.subscribe(request):
            event = answer["linkChanges"]
            self.after = event["id"]
            self.kinds.add(event["kind"])
            if event["link"] and event["link"]["destination"].startswith(OURS):
                self.seen.append(event["link"]["destination"])
                self.heard.set()

    async def create(self, session: Any) -> None:
        destination = f"{OURS}{len(self.created)}"
        given = {"accounts": ["tinycc"], "destination": destination}
        answer = await session.execute(GraphQLRequest(CREATE, variable_values={"input": given}))
        assert answer["createLink"]["errors"] == []
        self.created.append(destination)

    async def until_the_server_ends_it(self) -> str:
        async with self.known() as session:
            following = asyncio.create_task(self.follow(session))
            while not self.seen:
                await self.create(session)
            sys.stdout.write("reload\n")
            sys.stdout.flush()
            try:
                await following
            except TransportError as error:
                return repr(error.__cause__ or error)
        return "complete"

    async def come_back(self) -> None:
        async with self.known() as session, self.known() as writing:
            await self.create(writing)
            following = asyncio.create_task(self.follow(session))
            await self.create(writing)
            while self.seen[-1] != self.created[-1]:
                self.heard.clear()
                await self.heard.wait()
            following.cancel()
            # The connection outlives its subscription.
            await session.execute(GraphQLRequest("{ accounts { key } }"))

    async def refusal(self) -> str:
        try:
            async with self.client():
                return "connected"
        except (TransportError, OSError) as error:
            return repr(error.__cause__ or error)


async def main(url: str, token: str) -> None:
    follower = Follower(url.replace("http", "ws"), token)
    end = await follower.until_the_server_ends_it()
    await follower.come_back()
    told = {"seen": follower.seen, "kinds": sorted(follower.kinds), "ends": [end], "refused": await follower.refusal()}
    sys.stdout.write(json.dumps({"created": follower.created, "clients": {"gql": told}}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
