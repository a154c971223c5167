"""`linkweave copy` over a gateway in this process."""

import asyncio
import csv
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from harness.catalog_fixtures import running
from harness.gateway import open_gateway
from linkweave.cli.commands import main
from linkweave.cli.copy.command import CopyRequest, copy
from linkweave.cli.copy.following import make_plan, start
from linkweave.cli.gateway.client import GatewayClient
from linkweave.providers.discovery import discover

PROVIDERS = {name: discover()[name] for name in ("tinycc", "yourls")}


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    """The file of an empty catalog."""
    shutil.copy(migrated_file, tmp_path / "catalog.db")
    return tmp_path / "catalog.db"


@pytest.fixture
async def client(file: Path) -> AsyncIterator[GatewayClient]:
    """A client of a gateway over tiny.cc and YOURLS."""
    gateway = open_gateway(
        providers=PROVIDERS, deadline_seconds=300, sections={"catalog": {"url": f"sqlite:///{file}"}}
    )
    async with running(gateway), gateway.client() as http:
        yield GatewayClient(http, "/graphql")


def request(
    report: Path | None = None, *, dry_run: bool = False, allow_loss: bool = False, **given: Any
) -> CopyRequest:
    plan = {"from": "tinycc", "to": "yourls", "filter": {"search": "poster"}, **given}
    return CopyRequest(plan, dry_run, allow_loss, report, "--config linkweave.toml")


async def test_a_dry_run_prints_a_row_for_each_link_and_starts_nothing(
    client: GatewayClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await copy(client, request(dry_run=True), None)
    printed = capsys.readouterr()
    header, *rows = printed.out.splitlines()
    assert header == "source\tstate\tslug\tdomain\tdestination\tlost\treason"
    assert rows
    assert all("\tREADY_WITH_LOSS\t" in row for row in rows)
    assert f"Plan: {len(rows)} READY_WITH_LOSS." in printed.err
    assert "Note: clicks do not move" in printed.err
    assert f"{len(rows)} links would lose a field and are not copied. --allow-loss copies them, too." in printed.err
    assert (await client.send("{ jobs { nodes { id } } }")).data == {"jobs": {"nodes": []}}


async def test_a_dry_run_after_the_copy_finds_every_link_there_and_succeeds(
    client: GatewayClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await copy(client, request(allow_loss=True), None)
    capsys.readouterr()
    assert await copy(client, request(dry_run=True), None)
    _, *rows = capsys.readouterr().out.splitlines()
    assert rows
    assert all("\tEXISTS\t" in row for row in rows)


async def test_an_interrupted_copy_says_how_to_go_on_and_the_report_has_every_link(
    client: GatewayClient, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    copying = asyncio.create_task(copy(client, request(report, allow_loss=True), None))
    told = ""
    while "links copied" not in told and not copying.done():
        await asyncio.sleep(0.05)
        told += capsys.readouterr().err
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    (job,) = (await client.send("{ jobs { nodes { id total } } }")).data["jobs"]["nodes"]
    assert f"To go on: linkweave copy --config linkweave.toml --job {job['id']}" in capsys.readouterr().err
    assert await copy(client, request(report), job["id"])
    told = capsys.readouterr().err
    assert f"{job['total']} of {job['total']} links copied\nDONE: {job['total']} of {job['total']} links copied" in told
    rows = list(csv.DictReader(report.read_text().splitlines()))
    assert [row["state"] for row in rows] == ["DONE"] * job["total"]
    assert all(row["short_url"].startswith("http") for row in rows)


async def test_a_cancelled_copy_goes_on_with_its_job(client: GatewayClient) -> None:
    started = await start(client, (await make_plan(client, request().plan))["id"], allow_loss=True)
    cancelled = await client.send(f'mutation {{ cancelJob(job: "{started["id"]}") {{ job {{ state }} }} }}')
    assert cancelled.data["cancelJob"]["job"]["state"] == "CANCELLED"
    assert await copy(client, request(), started["id"])


@pytest.mark.parametrize(
    ("given", "job", "message"),
    [
        ({"to": "nobody"}, None, "'nobody' is not an account"),
        ({}, "no-job", "'no-job' is not a node id"),
        ({}, "WyJKb2IiLCJ5b3VybHMiLCJ4Il0", "there is no job"),
    ],
)
async def test_what_cannot_be_copied_is_said(
    client: GatewayClient, given: dict[str, Any], job: str | None, message: str
) -> None:
    with pytest.raises(click.ClickException, match=message):
        await copy(client, request(**given), job)


async def test_a_report_that_cannot_be_written_is_said(client: GatewayClient, tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="cannot be written"):
        await copy(client, request(tmp_path, dry_run=True), None)


def test_both_accounts_or_a_job_must_be_named() -> None:
    done = CliRunner().invoke(main, ["copy", "--from", "a", "--config", "nowhere.toml"])
    assert done.exit_code == 2
    assert "Name both accounts with --from and --to" in done.stderr
