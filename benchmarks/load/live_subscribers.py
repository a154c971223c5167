"""Subscribers over sockets, which come back with `after` when the gateway ends their streams."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, Request

LINKS: Final = """subscription ($after: ID) {
  event: linkChanges(kinds: [CREATED], after: $after) { id kind link { destination } }
}"""
CLICKS: Final = "subscription ($after: ID) { event: clicks(after: $after) { id kind referrer } }"
# Seconds before a subscriber comes back.
_BACK_SECONDS: Final = 0.5
_COMES_BACK: Final = frozenset({"1012", "UNAVAILABLE"})


@dataclass
class LiveSubscriber:
    """One subscriber, to links or to clicks.

    `seen` has the numbers of those that it was told, and `ends` counts the reasons for which streams ended.
    """

    url: str
    over_websocket: bool
    to_clicks: bool = False
    seen: set[int] = field(default_factory=set)
    repeated: int = 0
    gaps: int = 0
    after: str | None = None
    ends: Counter[str] = field(default_factory=Counter)
    listening: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, over: asyncio.Event) -> None:
        """Subscribe, again and again, until it is `over`."""
        while not over.is_set():
            try:
                reason = await (self._websocket() if self.over_websocket else self._events())
            except OSError:
                # After the end of the gateway, nothing listens there.
                if over.is_set():
                    return
                reason = "connection refused or cut"
            self.listening.clear()
            self.ends[reason] += 1
            if not over.is_set():
                await asyncio.sleep(_BACK_SECONDS)

    def _body(self) -> dict[str, Any]:
        return {"query": CLICKS if self.to_clicks else LINKS, "variables": {"after": self.after}}

    def _take(self, data: Any) -> None:
        event = data["event"]
        self.after = event["id"]
        if event["kind"] == "GAP":
            self.gaps += 1
        else:
            address = event["referrer"] if self.to_clicks else event["link"]["destination"]
            number = int(address.rpartition("/")[2])
            self.repeated += number in self.seen
            self.seen.add(number)

    async def _events(self) -> str:
        parts, body = urlsplit(self.url), orjson.dumps(self._body())
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = f"POST /graphql HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        head += f"accept: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        reason = "cut"
        try:
            while line := await reader.readline():
                if line.startswith(b": ping"):
                    self.listening.set()
                elif line.startswith(b"data: {"):
                    answer = orjson.loads(line[6:])
                    if answer.get("errors"):
                        reason = answer["errors"][0]["extensions"]["code"]
                    else:
                        self._take(answer["data"])
                elif line.startswith(b"event: complete"):
                    return reason
                elif line.startswith(b"HTTP/1.1") and b" 200 " not in line:
                    return line.decode().strip()
        finally:
            writer.close()
        return reason

    async def _websocket(self) -> str:
        parts, protocol = urlsplit(self.url), WSConnection(ConnectionType.CLIENT)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)

        def send(message: object) -> None:
            writer.write(protocol.send(Message(data=orjson.dumps(message).decode())))

        writer.write(protocol.send(Request(parts.netloc, "/graphql", subprotocols=["graphql-transport-ws"])))
        try:
            while data := await reader.read(65_536):
                protocol.receive_data(data)
                for event in protocol.events():
                    match event:
                        case AcceptConnection():
                            send({"type": "connection_init"})
                            send({"id": "1", "type": "subscribe", "payload": self._body()})
                            self.listening.set()
                        case Ping():
                            writer.write(protocol.send(event.response()))
                        case CloseConnection():
                            return str(event.code)
                        case Message():
                            message = orjson.loads(event.data)
                            if message["type"] == "next":
                                self._take(message["payload"]["data"])
                            elif message["type"] == "error":
                                return str(message["payload"][0]["extensions"]["code"])
        finally:
            writer.close()
        return "cut"


def is_clean(reason: str) -> bool:
    """Whether a stream that ended for this `reason` told its client to come back."""
    return reason in _COMES_BACK
