"""Equal queries at the same moment are one execution, which is cancelled when its last client disconnects."""

import asyncio
from typing import Any

import pytest

from harness.cached_responses import QUERY, Bench, Client, Reply

MUTATION = 'mutation { deleteLinks(ids: ["x"]) { deleted } }'
DEFERRED = "{ ... @defer { accounts { key } } }"


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class Slow:
    """A bench whose app answers once `answer` is set."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.answer = asyncio.Event()

        async def wait() -> None:
            await self.answer.wait()

        self.bench.app.meanwhile = wait

    def ask(self, *clients: Client) -> list["asyncio.Task[Reply | None]"]:
        return [asyncio.ensure_future(client.run()) for client in clients]


async def test_fifty_equal_queries_at_once_are_one_execution() -> None:
    slow = Slow()
    tasks = slow.ask(*(slow.bench.client() for _ in range(50)))
    await turns()
    slow.answer.set()
    replies = await asyncio.gather(*tasks)
    assert {reply and reply.body for reply in replies} == {slow.bench.app.body}
    assert slow.bench.executed == 1
    assert slow.bench.listener.results.count("shared operation") == 49


async def test_a_response_that_may_not_be_stored_is_shared_by_its_waiters() -> None:
    slow = Slow()
    slow.bench.app.body = b'{"data":null,"errors":[{}]}'
    tasks = slow.ask(*(slow.bench.client() for _ in range(3)))
    await turns()
    slow.answer.set()
    assert {reply and reply.body for reply in await asyncio.gather(*tasks)} == {slow.bench.app.body}
    await slow.bench.post()
    assert slow.bench.executed == 2


async def test_an_error_of_the_app_is_raised_for_all_waiters_and_not_remembered() -> None:
    slow = Slow()

    async def fail() -> None:
        await slow.answer.wait()
        raise ZeroDivisionError

    slow.bench.app.meanwhile = fail
    tasks = slow.ask(*(slow.bench.client() for _ in range(3)))
    await turns()
    slow.answer.set()
    raised = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in raised] == [ZeroDivisionError] * 3
    slow.bench.app.meanwhile = None
    assert (await slow.bench.post()).status == 200


@pytest.mark.parametrize("difference", [{"rights": "b"}, {"query": "{ accounts { label } }"}, {"variables": {"x": 1}}])
async def test_a_caller_with_other_rights_or_another_query_does_not_share_it(difference: dict[str, Any]) -> None:
    slow = Slow()
    tasks = slow.ask(slow.bench.client(rights="a"), slow.bench.client(**{"rights": "a", **difference}))
    await turns()
    assert slow.bench.executed == 2
    slow.answer.set()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("query", [MUTATION, DEFERRED])
async def test_mutations_and_incremental_answers_are_not_shared(query: str) -> None:
    slow = Slow()
    tasks = slow.ask(slow.bench.client(query), slow.bench.client(query))
    await turns()
    assert slow.bench.executed == 2
    slow.answer.set()
    await asyncio.gather(*tasks)


async def test_a_query_after_a_write_does_not_get_what_was_read_before_it() -> None:
    slow = Slow()
    slow.bench.app.reads = {"a": 30}
    before = slow.ask(slow.bench.client(), slow.bench.client())
    await turns()
    await slow.bench.versions.bump("a")
    after = slow.ask(slow.bench.client(), slow.bench.client())
    await turns()
    assert slow.bench.executed == 2
    slow.answer.set()
    await asyncio.gather(*before, *after)
    await slow.bench.post()
    assert slow.bench.executed == 2


async def test_nothing_is_shared_while_the_versions_are_unknown() -> None:
    slow = Slow()
    slow.bench.versions.known = False
    tasks = slow.ask(slow.bench.client(), slow.bench.client())
    await turns()
    assert slow.bench.executed == 2
    slow.answer.set()
    await asyncio.gather(*tasks)


async def test_a_first_client_that_disconnects_does_not_disturb_the_others() -> None:
    slow = Slow()
    leader, follower = slow.bench.client(), slow.bench.client()
    tasks = slow.ask(leader, follower)
    await turns()
    leader.gone.set()
    assert await tasks[0] is None
    assert slow.bench.app.cancelled == 0
    slow.answer.set()
    reply = await tasks[1]
    assert reply is not None
    assert reply.body == slow.bench.app.body
    assert slow.bench.executed == 1


async def test_an_execution_is_cancelled_when_its_last_client_disconnects() -> None:
    slow = Slow()
    clients = [slow.bench.client() for _ in range(3)]
    tasks = slow.ask(*clients)
    for number, client in enumerate(clients):
        await turns()
        assert slow.bench.app.cancelled == 0, number
        client.gone.set()
    assert await asyncio.gather(*tasks) == [None, None, None]
    await turns()
    assert slow.bench.app.cancelled == 1


async def test_a_client_that_comes_just_after_the_last_one_left_starts_a_new_execution() -> None:
    slow = Slow()
    first = slow.bench.client()
    (task,) = slow.ask(first)
    await turns()
    first.gone.set()
    await task
    (second,) = slow.ask(slow.bench.client())
    await turns()
    slow.answer.set()
    reply = await second
    assert reply is not None
    assert slow.bench.executed == 2


@pytest.mark.parametrize("query", [DEFERRED, QUERY])
async def test_a_query_is_cancelled_when_its_only_client_disconnects(query: str) -> None:
    slow = Slow()
    slow.bench.versions.known = query == DEFERRED
    client = slow.bench.client(query)
    (task,) = slow.ask(client)
    await turns()
    client.gone.set()
    assert await task is None
    assert slow.bench.app.cancelled == 1


async def test_a_mutation_goes_on_when_its_client_disconnects() -> None:
    slow = Slow()
    client = slow.bench.client(MUTATION)
    (task,) = slow.ask(client)
    await turns()
    client.gone.set()
    await turns()
    assert not task.done()
    slow.answer.set()
    await task
    assert slow.bench.app.cancelled == 0


async def test_no_task_is_left_when_all_clients_are_answered_or_disconnected() -> None:
    before = asyncio.all_tasks()
    slow = Slow()
    stays, goes = slow.bench.client(), slow.bench.client("{ providers { id } }")
    tasks = slow.ask(stays, goes)
    await turns()
    goes.gone.set()
    slow.answer.set()
    await asyncio.gather(*tasks)
    await turns()
    assert asyncio.all_tasks() == before
