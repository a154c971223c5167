"""`linkweave copy`: the command."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from linkweave.cli.copy.following import follow, job_rows, make_plan, plan_rows, resume, start
from linkweave.cli.copy.report import job_summary, job_table, loss_advice, plan_summary, plan_table, print_rows
from linkweave.cli.gateway.client import GatewayClient
from linkweave.cli.gateway.opening import Background, open_client
from linkweave.cli.gateway.options import gateway_options
from linkweave.cli.options import or_exit
from linkweave.cli.progress import progress


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What the options of the command say. `place` is how they name the gateway."""

    plan: Mapping[str, Any]
    dry_run: bool
    allow_loss: bool
    report: Path | None
    place: str


@click.command("copy")
@gateway_options
@click.option("--from", "source", metavar="ACCOUNT", help="The account to copy from.")
@click.option("--to", "target", metavar="ACCOUNT", help="The account to copy to.")
@click.option("--tag", "tags", multiple=True, help="Only links with this tag; can be repeated, then with all of them.")
@click.option("--search", help="Only links with this text in the slug, title, note or destination.")
@click.option(
    "--slug",
    type=click.Choice(("keep", "new")),
    default="keep",
    show_default=True,
    help="Keep the slugs, or let the vendor choose new ones.",
)
@click.option(
    "--on-conflict",
    type=click.Choice(("skip", "suffix")),
    default="skip",
    show_default=True,
    help="Where a slug is taken: skip the link, or put a number behind the slug.",
)
@click.option("--domain", help="The short domain of the copies. Some vendors, such as ShortenWorld, need one.")
@click.option("--allow-loss", is_flag=True, help="Copy links that lose a field as well.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and write nothing.")
@click.option("--job", "job_id", metavar="ID", help="Go on with a copy that was started before, instead of a new one.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the row of each link to this file, as CSV. Otherwise the rows are printed.",
)
def copy_command(
    url: str | None, config: Path | None, job_id: str | None, dry_run: bool, report: Path | None, **choices: Any
) -> None:
    """Copy links from one account to another.

    Begin with --dry-run: it shows for each link whether it can be copied, what it loses, and what stands in the way.
    The copy is a job in the gateway's catalog. After Ctrl+C, it goes on with --job, and no link is made twice.
    The exit status is 1 if a link was not copied.
    """
    if job_id is None and None in (choices["source"], choices["target"]):
        raise click.UsageError("Name both accounts with --from and --to, or a copy that was started before with --job.")
    client = or_exit(lambda: open_client(url, config, os.environ, Background(works_on_jobs=True)))
    place = f"--url {url}" if config is None else f"--config {config}"
    wanted = CopyRequest(_plan_input(choices), dry_run, bool(choices["allow_loss"]), report, place)

    async def run() -> bool:
        async with client as gateway:
            return await copy(gateway, wanted, job_id)

    sys.exit(0 if or_exit(lambda: asyncio.run(run())) else 1)


def _plan_input(choices: Mapping[str, Any]) -> Mapping[str, Any]:
    tags = {"all": list(choices["tags"])} if choices["tags"] else None
    return {
        "from": choices["source"],
        "to": choices["target"],
        "filter": {"tags": tags, "search": choices["search"]},
        "slug": choices["slug"].upper(),
        "onConflict": choices["on_conflict"].upper(),
        "domain": choices["domain"],
    }


async def copy(client: GatewayClient, wanted: CopyRequest, job_id: str | None) -> bool:
    """Returns whether every link was copied, can be copied, or is there already."""
    if job_id is None:
        plan = await make_plan(client, wanted.plan)
        for line in plan_summary(plan):
            click.echo(line, err=True)
        advice = None if wanted.allow_loss else loss_advice(plan)
        if advice is not None:
            click.echo(advice, err=True)
        if wanted.dry_run:
            rows = await plan_rows(client, plan["id"])
            print_rows(plan_table(rows), wanted.report)
            return all(row["target"] is not None or row["state"] == "EXISTS" for row in rows)
        job_id = (await start(client, plan["id"], allow_loss=wanted.allow_loss))["id"]
    else:
        await resume(client, job_id)
    try:
        with progress("links copied") as show:
            job = await follow(client, job_id, show)
    except asyncio.CancelledError:
        again = f"linkweave copy {wanted.place} --job {job_id}"
        click.echo(f"\nThe links that were copied stay. To go on: {again}", err=True)
        raise
    print_rows(job_table(await job_rows(client, job_id)), wanted.report)
    click.echo(job_summary(job), err=True)
    return bool(job["state"] == "DONE" and not job["failed"])
