"""A WebSocket over a socket: the server leaves HTTP/1 for it, and closes it when it stops."""

import asyncio
import json
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Message, Request, TextMessage

from harness.gateway import open_gateway
from harness.plain_connections import PATIENCE_SECONDS, SHORT
from harness.sockets import served
from linkweave.server.connections import ConnectionLimits
from linkweave.server.websockets import MAX_MESSAGE_BYTES

TOO_LARGE = TextMessage(data=" " * (MAX_MESSAGE_BYTES + 1))
PARTS = [TextMessage(data=" " * (MAX_MESSAGE_BYTES // 2 + 1), message_finished=last) for last in (False, True)]


class Client:
    """One WebSocket to the gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._events: list[Event] = []

    def send(self, event: Event) -> None:
        self._writer.write(self._protocol.send(event))

    def send_json(self, message: object) -> None:
        self.send(Message(data=json.dumps(message)))

    async def next(self) -> Event:
        async with asyncio.timeout(20):
            while not self._events:
                self._protocol.receive_data(await self._reader.read(65_536) or None)
                self._events += self._protocol.events()
        return self._events.pop(0)

    async def close_code(self) -> int:
        while not isinstance(event := await self.next(), CloseConnection):
            pass
        return event.code

    def leave(self) -> None:
        self._writer.close()


async def connected(address: str) -> Client:
    parts = urlsplit(address)
    client = Client(*await asyncio.open_connection(parts.hostname, parts.port))
    client.send(Request(host=parts.netloc, target="/graphql", subprotocols=["graphql-transport-ws"]))
    accepted = await client.next()
    assert isinstance(accepted, AcceptConnection)
    assert accepted.subprotocol == "graphql-transport-ws"
    return client


async def test_a_subscription_over_a_socket_gets_its_event_and_1012_when_the_server_stops() -> None:
    async with served(open_gateway().app) as (address,):
        client = await connected(address)
        client.send_json({"type": "connection_init"})
        client.send_json(
            {"id": "1", "type": "subscribe", "payload": {"query": "subscription { accountHealth { state } }"}}
        )
        messages = [await client.next() for _ in range(2)]
        assert [json.loads(each.data)["type"] for each in messages if isinstance(each, Message)] == [
            "connection_ack",
            "next",
        ]
    assert await client.close_code() == 1012
    client.leave()


async def test_a_client_that_reads_nothing_is_cut() -> None:
    cut: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
            for sent in range(100):
                try:
                    await send({"type": "websocket.send", "bytes": bytes(1_000_000)})
                except OSError:
                    cut.set_result(sent)
                    return

    async with served(app, limits=ConnectionLimits(stalled_seconds=SHORT)) as (address,):
        client = await connected(address)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert 0 < await cut < 100
        client.leave()


async def test_frames_that_are_no_messages_of_the_protocol_close_the_websocket_and_leave_the_server_well() -> None:
    async with served(open_gateway().app) as (address,):
        for frames, code in (([BytesMessage(data=b"{}")], 4400), ([TOO_LARGE], 1009), (PARTS, 1009)):
            client = await connected(address)
            for frame in frames:
                client.send(frame)
            assert await client.close_code() == code
            client.leave()
        client = await connected(address)
        client.send_json({"type": "ping"})
        assert await client.next() == TextMessage(data='{"type":"pong"}')
        client.leave()
