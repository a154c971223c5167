"""Plans a copy, starts it, and follows its job."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import click

from linkweave.cli.copy.documents import JOB, JOB_ROWS, PLAN, PLAN_ROWS, RESUME, START
from linkweave.cli.gateway.client import GatewayClient
from linkweave.cli.progress import ShowProgress

_POLL_SECONDS: Final = 0.5
_ENDED: Final = frozenset({"DONE", "FAILED", "CANCELLED"})


async def make_plan(client: GatewayClient, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the plan of a copy.

    Raises:
        ClickException: it cannot be made.
    """
    payload = (await client.ask(PLAN, {"input": wanted}))["planCopy"]
    return _result(payload, "plan")


async def plan_rows(client: GatewayClient, plan_id: str) -> list[Mapping[str, Any]]:
    """Returns all rows of a plan."""
    return await _rows(client, PLAN_ROWS, plan_id)


async def start(client: GatewayClient, plan_id: str, *, allow_loss: bool) -> Mapping[str, Any]:
    """Returns the job of a plan, which runs from now on.

    Raises:
        ClickException: it cannot be started.
    """
    payload = (await client.ask(START, {"input": {"plan": plan_id, "allowLoss": allow_loss}}))["startCopy"]
    return _result(payload, "job")


async def resume(client: GatewayClient, job_id: str) -> None:
    """Goes on with a job that has ended without having copied all links. Leaves others alone.

    Raises:
        ClickException: there is no such job, or it must not be resumed.
    """
    job = await _find(client, job_id)
    if job["state"] in _ENDED and job["done"] < job["total"]:
        _result((await client.ask(RESUME, {"id": job_id}))["resumeJob"], "job")


async def follow(client: GatewayClient, job_id: str, show: ShowProgress) -> Mapping[str, Any]:
    """Returns a job when it has ended, and shows its progress meanwhile.

    Raises:
        ClickException: there is no such job.
    """
    while True:
        job = await _find(client, job_id)
        show(job["done"] + job["failed"], job["total"])
        if job["state"] in _ENDED:
            return job
        await asyncio.sleep(_POLL_SECONDS)


async def job_rows(client: GatewayClient, job_id: str) -> list[Mapping[str, Any]]:
    """Returns all rows of a job."""
    return await _rows(client, JOB_ROWS, job_id)


async def _find(client: GatewayClient, job_id: str) -> Mapping[str, Any]:
    job: Mapping[str, Any] | None = (await client.ask(JOB, {"id": job_id}))["node"]
    if job is None:
        raise click.ClickException(f"there is no job {job_id}")
    return job


async def _rows(client: GatewayClient, document: str, node_id: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    after, more = None, True
    while more:
        page = (await client.ask(document, {"id": node_id, "after": after}))["node"]["rows"]
        rows += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return rows


def _result(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if payload[name] is None:
        raise click.ClickException("; ".join(str(error["message"]) for error in payload["errors"]))
    result: Mapping[str, Any] = payload[name]
    return result
