"""Subscriptions from a write at one end to the subscriber at the other, over each transport."""

import asyncio

import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import HIDDEN, READER, ROOT, VISIBLE, open_guarded
from harness.subscriptions import MULTIPART, SSE, HttpStream, http_stream, websocket
from linkweave.edge.subscriptions import open_streams
from linkweave.edge.subscriptions.open_streams import StreamEnd

CHANGES = "subscription Changes { linkChanges { id kind linkId seenBy account { key } fields { name } link { note } } }"
CREATE = """mutation ($account: ID!, $note: String) {
  payload: createLink(input: { accounts: [$account], destination: "https://example.com/live", note: $note }) {
    link { id } errors { message }
  }
}"""
DELETE = "mutation ($id: ID!) { payload: deleteLinks(ids: [$id]) { errors { message } } }"


async def create(gateway: Gateway, account: str = "tinycc", note: str | None = "Live") -> str:
    payload = await gateway.payload(CREATE, account=account, note=note)
    assert payload["errors"] == []
    return str(payload["link"]["id"])


async def listening(stream: HttpStream) -> None:
    """The subscriber is known to the log once the first part was sent and the source was asked."""
    await stream.started.wait()
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("accept", [SSE, f"application/json, {SSE}", MULTIPART])
async def test_a_write_is_told_over_http(accept: str) -> None:
    gateway = open_gateway()
    async with http_stream(gateway, CHANGES, accept) as stream:
        assert (stream.status, stream.headers["content-type"].partition(";")[0]) == (
            200,
            "multipart/mixed" if accept == MULTIPART else SSE,
        )
        await listening(stream)
        link = await create(gateway)
        result = await stream.next()
        result = result.get("payload", result)
        event = result["data"]["linkChanges"]
        assert (event["kind"], event["linkId"], event["seenBy"]) == ("CREATED", link, "GATEWAY")
        assert (event["account"], event["link"]) == ({"key": "tinycc"}, {"note": "Live"})


async def test_a_write_is_told_over_a_websocket() -> None:
    gateway = open_gateway()
    async with websocket(gateway) as client:
        assert await client.init() == {"type": "connection_ack"}
        assert client.subprotocol == "graphql-transport-ws"
        await client.subscribe(CHANGES, id='a"b')
        await asyncio.sleep(1)
        link = await create(gateway)
        message = await client.next()
        assert (message["id"], message["type"]) == ('a"b', "next")
        assert message["payload"]["data"]["linkChanges"]["linkId"] == link


async def test_updates_and_deletions_name_what_is_known_and_kinds_select() -> None:
    gateway = open_gateway()
    link = await create(gateway)
    query = (
        "subscription { linkChanges(kinds: [UPDATED, DELETED]) { kind linkId fields { name after } link { note } } }"
    )
    update = 'mutation ($id: ID!) { payload: updateLink(input: { id: $id, note: "New" }) { errors { message } } }'
    async with http_stream(gateway, query) as stream:
        await listening(stream)
        await create(gateway, note="Other")
        assert (await gateway.payload(update, id=link))["errors"] == []
        assert (await gateway.payload(DELETE, id=link)) == [{"errors": []}]
        updated, deleted = [(await stream.next())["data"]["linkChanges"] for _ in range(2)]
    assert updated == {
        "kind": "UPDATED",
        "linkId": link,
        "fields": [{"name": "note", "after": "New"}],
        "link": None,
    }
    assert deleted == {"kind": "DELETED", "linkId": link, "fields": [], "link": None}


async def test_a_client_that_comes_back_gets_what_it_has_missed_and_learns_of_gaps() -> None:
    gateway = open_gateway()
    query = """subscription ($after: ID) {
      linkChanges(filter: { accounts: "tinycc" }, after: $after) { id kind link { note } }
    }"""
    async with http_stream(gateway, query) as stream:
        await listening(stream)
        await create(gateway, note="1")
        seen = (await stream.next())["data"]["linkChanges"]["id"]
    await create(gateway, note="2")
    async with http_stream(gateway, query, after=seen) as stream:
        missed = (await stream.next())["data"]["linkChanges"]
        assert (missed["kind"], missed["link"]) == ("CREATED", {"note": "2"})
    async with http_stream(gateway, query, after="abc-1") as stream:
        gap = (await stream.next())["data"]["linkChanges"]
        assert (gap["kind"], gap["link"]) == ("GAP", None)


async def test_a_filter_selects_links_and_accounts() -> None:
    gateway = open_gateway()
    query = 'subscription { linkChanges(filter: { search: "wanted" }) { link { note } } }'
    async with http_stream(gateway, query) as stream:
        await listening(stream)
        for note in ("other", "wanted"):
            await create(gateway, note=note)
        assert (await stream.next())["data"]["linkChanges"]["link"] == {"note": "wanted"}


async def test_a_caller_sees_only_events_of_its_accounts() -> None:
    gateway = open_guarded()
    root = gateway.bearing(ROOT)
    async with http_stream(gateway.bearing(READER), "subscription { linkChanges { account { key } } }") as stream:
        await listening(stream)
        await create(root, HIDDEN["tinycc"], None)
        await create(root, VISIBLE, None)
        assert (await stream.next())["data"] == {"linkChanges": {"account": {"key": VISIBLE}}}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { linkChanges { nothing } }", "INVALID_INPUT"),
        ('subscription { linkChanges(filter: { accounts: ["nobody"] }) { id } }', "INVALID_INPUT"),
        ("subscription { linkChanges(kinds: []) { id } }", "INVALID_INPUT"),
        ("subscription { clicks { id } }", "UNSUPPORTED"),
        (
            "subscription { linkChanges { account { links(first: 100) { nodes { trackers { id } } } } } }",
            "INVALID_INPUT",
        ),
    ],
)
async def test_what_cannot_be_subscribed_to_is_an_error_over_each_transport(query: str, code: str) -> None:
    gateway = open_gateway(sections={"limits": {"cost": 10}})
    async with http_stream(gateway, query) as stream:
        events = [await stream.next(), await stream.next()]
    assert events[0]["errors"][0]["extensions"]["code"] == code
    assert "data" not in events[0]
    assert events[1] is None
    async with http_stream(gateway, query, MULTIPART) as stream:
        assert (await stream.body())["errors"][0]["extensions"]["code"] == code
    async with websocket(gateway) as client:
        await client.init()
        await client.subscribe(query)
        message = await client.next()
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"]["code"] == code
        await client.subscribe("{ providers { id } }")
        assert (await client.next())["type"] == "next"


async def test_queries_and_mutations_run_over_each_stream_too() -> None:
    gateway = open_gateway()
    async with http_stream(gateway, "{ accounts { key } }") as stream:
        assert len((await stream.next())["data"]["accounts"]) == 5
        assert await stream.next() is None
    async with websocket(gateway) as client:
        await client.init()
        await client.subscribe("{ accounts { key } }")
        assert len((await client.next())["payload"]["data"]["accounts"]) == 5
        assert await client.next() == {"id": "1", "type": "complete"}


async def test_the_health_of_accounts_is_told_at_once_and_when_it_changes() -> None:
    gateway = open_gateway()
    query = 'subscription { accountHealth(accounts: "cuttly") { state account { key } } }'
    async with http_stream(gateway, query) as stream:
        assert (await stream.next())["data"]["accountHealth"] == {"state": "UNKNOWN", "account": {"key": "cuttly"}}
        gateway.break_provider("cuttly", "status", status=500)
        await gateway.ask('{ link(shortUrl: "https://cutt.ly/x") { id } }')
        assert (await stream.next())["data"]["accountHealth"]["state"] == "DEGRADED"


async def test_a_plain_answer_cannot_be_a_stream() -> None:
    async with http_stream(open_gateway(), CHANGES, "application/json") as stream:
        assert "text/event-stream" in (await stream.body())["errors"][0]["message"]
    assert stream.status == 200


async def test_a_stream_ends_with_a_reason_when_the_gateway_does() -> None:
    gateway = open_gateway()
    async with http_stream(gateway, CHANGES) as stream, websocket(gateway) as client, websocket(gateway) as idle:
        await client.init()
        await client.subscribe(CHANGES)
        await asyncio.sleep(1)
        gateway.app.end_streams()
        assert (await stream.next())["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert await stream.next() is None
        assert (await client.next(), await idle.next()) == (1012, 1012)
    async with http_stream(gateway, CHANGES) as stream:
        assert (await stream.body())["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert stream.status == 503
    async with websocket(gateway) as late:
        assert await late.next() == 1012


async def test_a_client_has_so_many_streams_at_once() -> None:
    gateway = open_gateway(server={"max_streams": 2})
    async with http_stream(gateway, CHANGES) as one, http_stream(gateway, CHANGES) as two:
        for stream in (one, two):
            await listening(stream)
        async with http_stream(gateway, CHANGES) as three:
            assert three.status == 429
        async with websocket(gateway) as client:
            await client.init()
            await client.subscribe(CHANGES)
            assert await client.next() == 4429
    async with http_stream(gateway, CHANGES) as again:
        assert again.status == 200


async def test_subscriptions_can_be_off() -> None:
    gateway = open_gateway(server={"subscriptions": False})
    async with http_stream(gateway, CHANGES) as stream:
        assert (await stream.next())["errors"][0]["extensions"]["code"] == "UNSUPPORTED"
    async with websocket(gateway) as client:
        await client.ended.wait()
        assert client.refused == 400


async def test_a_connection_that_no_known_caller_opens_is_closed() -> None:
    gateway = open_guarded()
    for payload in ({}, {"Authorization": "Bearer nobody"}, {"authorization": 7}):
        async with websocket(gateway) as client:
            assert await client.init(**payload) == 4401
    async with websocket(gateway) as client:
        assert await client.init(authorization=f"Bearer {READER}") == {"type": "connection_ack"}
        await client.subscribe("{ accounts { key } }")
        assert (await client.next())["payload"]["data"]["accounts"] == [{"key": VISIBLE}]
    async with websocket(gateway.bearing(READER)) as client:
        assert await client.init() == {"type": "connection_ack"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["no JSON"], 4400),
        ([[]], 4400),
        ([{"type": "connection_init", "payload": 3}], 4400),
        ([{"type": "nothing"}], 4400),
        ([{"type": "connection_init"}, {"type": "connection_ack"}], 4400),
        ([{"type": "connection_init"}, {"type": "complete"}], 4400),
        ([{"type": "connection_init"}, {"id": 1, "type": "subscribe", "payload": {"query": CHANGES}}], 4400),
        ([{"type": "ping"}, {"id": "1", "type": "subscribe", "payload": {"query": CHANGES}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"id": "1", "type": "subscribe", "payload": {"query": CHANGES}}], 4401),
        ([{"type": "connection_init"}, {"id": "1", "type": "subscribe", "payload": "x"}], 4400),
        ([{"type": "connection_init"}, *[{"id": "1", "type": "subscribe", "payload": {"query": CHANGES}}] * 2], 4409),
        ([], 4408),
    ],
)
async def test_a_connection_that_breaks_the_protocol_is_closed(messages: list[object], code: int) -> None:
    async with websocket(open_gateway()) as client:
        for message in messages:
            await client.send(message)
        found = await client.next()
        while isinstance(found, dict):
            found = await client.next()
        assert found == code


async def test_pages_of_strangers_open_no_websocket_and_other_subprotocols_are_refused() -> None:
    async with websocket(open_gateway(), {"origin": "https://evil.example"}) as client:
        await client.ended.wait()
        assert client.refused == 403
    async with websocket(open_gateway(), subprotocol="graphql-ws") as client:
        assert await client.next() == 4406


async def test_a_client_that_completes_an_operation_gets_no_more_of_it() -> None:
    gateway = open_gateway()
    async with websocket(gateway) as client:
        await client.init()
        await client.subscribe(CHANGES)
        await client.send({"id": "1", "type": "complete"})
        await asyncio.sleep(1)
        await create(gateway)
        await client.send({"type": "ping"})
        assert await client.next() == {"type": "pong"}


async def test_what_the_protocol_allows_at_any_time_closes_nothing() -> None:
    async with websocket(open_gateway()) as client:
        for message in ({"type": "ping", "payload": {"n": 1}}, {"type": "pong"}, {"id": "gone", "type": "complete"}):
            await client.send(message)
        assert await client.next() == {"type": "pong"}
        assert await client.init() == {"type": "connection_ack"}
        await client.send({"id": "gone", "type": "complete"})
        for _ in range(2):
            # The id of an operation that has ended is free again.
            await client.subscribe("{ providers { id } }")
            assert [(await client.next())["type"] for _ in range(2)] == ["next", "complete"]
        await client.send({"id": "1", "type": "subscribe", "payload": {"variables": {}}})
        assert (await client.next())["type"] == "error"


def test_each_end_has_a_code_of_the_protocol_or_one_after_which_clients_come_back() -> None:
    ends = {each.close_code for each in vars(open_streams).values() if isinstance(each, StreamEnd)}
    assert ends == {4401, 4429, 1011, 1012, 1013}
