"""The subscription to a job: other processes change it in the database, and its subscribers are told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from harness.catalog_gateway import ALONE, open_catalog_gateway
from harness.fast_clock import FastClock
from harness.subscriptions import http_stream
from harness.virtual_time import NOW
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import Job, JobState
from linkweave.catalog.tables import JOBS
from linkweave.errors import CatalogUnavailableError
from linkweave.jobs.job_progress import JobProgress
from linkweave.schema.global_ids import encode_id

JOB = Job("one", "me", "tinycc", "cuttly", JobState.RUNNING, 0, 0, 3, None, NOW, NOW, None)
QUERY = "subscription ($id: ID!) { job(id: $id) { state done total to { key } rows { nodes { source } } } }"


async def told(*answers: Job | Exception | None) -> list[Job]:
    """What is told where the catalog gives these answers, one after the other."""
    left = list(answers)

    async def find(_: str) -> Job | None:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return [each async for each in JobProgress(JOB, find, FastClock())]


async def test_a_job_is_told_at_once_and_after_each_change_until_it_ends() -> None:
    further, done = replace(JOB, done=2), replace(JOB, done=3, state=JobState.DONE)
    assert await told(JOB, further, CatalogUnavailableError("is full"), further, done) == [JOB, further, done]
    assert await told(further, None) == [JOB, further]


async def test_what_another_process_does_to_a_job_is_told_to_those_who_may_see_it(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url) as world:
        gateway, jobs = world.gateway, JobStore(world.database)
        job = {"id": "one", "kind": "COPY", "client": "me", "accounts": ["tinycc", "cuttly"], "input": {}, "total": 0}
        async with world.database.write() as connection:
            await connection.execute(insert(JOBS).values(**job, state="WAITING", created_at=NOW))
        subscribed = {"id": encode_id("Job", "cuttly", "one")}

        async def first_error(stream: Any) -> str:
            return str((await stream.next())["errors"][0]["message"])

        async with http_stream(gateway, QUERY, **subscribed) as stream:
            first = (await stream.next())["data"]["job"]
            assert first == {"state": "WAITING", "done": 0, "total": 0, "to": {"key": "cuttly"}, "rows": {"nodes": []}}
            assert await jobs.acquire("worker", NOW, NOW + timedelta(hours=1)) is not None
            assert (await stream.next())["data"]["job"]["state"] == "RUNNING"
            await jobs.finish("one", "worker", JobState.DONE, None, NOW)
            assert (await stream.next())["data"]["job"]["state"] == "DONE"
            assert await stream.next() is None
        async with http_stream(gateway, QUERY, **subscribed) as ended:
            assert (await ended.next())["data"]["job"]["state"] == "DONE"
            assert await ended.next() is None
        async with http_stream(gateway.bearing(ALONE), QUERY, **subscribed) as hidden:
            assert await first_error(hidden) == "id: is not a job that you can see"
        async with http_stream(gateway, QUERY, id=encode_id("Job", "cuttly", "two")) as unknown:
            assert await first_error(unknown) == "id: is not a job that you can see"
        async with http_stream(gateway, QUERY, id="nonsense") as wrong:
            assert (await first_error(wrong)).startswith("id")
