"""`linkweave export` over a catalog that the test fills."""

import asyncio
import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from harness.catalog_fixtures import opened, running
from harness.gateway import open_gateway
from harness.linkweave_process import account_table
from linkweave.catalog.tables import CLICKS_DAILY, LINKS
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.cli.commands import main
from linkweave.cli.export.gateway_links import write_gateway_links
from linkweave.cli.export.records import COLUMNS
from linkweave.cli.gateway.client import GatewayClient
from linkweave.gather.known.link_lists import UNREAD_NOTICE
from linkweave.models import Expiry, Link, Utm
from linkweave.models.link_changes import SeenBy
from linkweave.providers.discovery import discover

pytestmark = pytest.mark.usefixtures("kept_logging")

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
DAY = date(2026, 11, 1)
PLAIN = Link(
    "1", "https://go.example/a", "a", "https://example.com/?utm_term=t", AT, created_at=AT, domain="go.example"
)
RICH = replace(
    PLAIN,
    handle="2",
    short_url="https://go.example/b",
    slug="b",
    title="=HYPERLINK(1)",
    note="two\nlines",
    tags=("spring", "@sum"),
    created_at=AT - timedelta(days=1),
    utm=Utm(source="s", medium="m"),
    expiry=Expiry(at=date(2027, 1, 1)),
    archived=True,
    external_id="e",
)


@pytest.fixture
def config(migrated_file: Path, tmp_path: Path) -> Path:
    """A configuration of one account, whose catalog has two links of it."""
    shutil.copy(migrated_file, tmp_path / "catalog.db")
    asyncio.run(fill(tmp_path / "catalog.db", "tinycc", [PLAIN, RICH]))
    path = tmp_path / "linkweave.toml"
    path.write_text(account_table("http://127.0.0.1:9", "tinycc") + '[catalog]\nurl = "sqlite:///catalog.db"\n')
    return path


async def fill(path: Path, account: str, links: Sequence[Link]) -> None:
    async with opened(f"sqlite:///{path}") as database, database.write() as connection:
        await record_links(connection, Sighting(account, SeenBy.SYNC, AT), links)
        found = await connection.execute(select(LINKS.c.id).where(LINKS.c.handle == "2", LINKS.c.account == account))
        for link_id in found.scalars():
            days = [(DAY, DAY, 3), (DAY + timedelta(days=1), DAY + timedelta(days=4), 5)]
            rows = [
                {"link_id": link_id, "first_day": first, "last_day": last, "clicks": clicks, "source": "OBSERVED"}
                for first, last, clicks in days
            ]
            await connection.execute(insert(CLICKS_DAILY), rows)


def run(config: Path, *options: object) -> Result:
    return CliRunner().invoke(main, ["export", "--config", str(config), *map(str, options)])


def rows(done: Result) -> list[dict[str, Any]]:
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(StringIO(done.stdout, newline="")))


def test_every_link_of_the_configured_accounts_is_a_line_newest_first(config: Path) -> None:
    done = run(config)
    plain, rich = rows(done)
    assert tuple(plain) == COLUMNS
    assert (plain["short_url"], plain["account"], plain["provider"]) == ("https://go.example/a", "tinycc", "tinycc")
    assert (plain["created_at"], plain["clicks"], plain["utm_term"]) == ("2026-11-20T10:30:00Z", "", "t")
    assert rich == {
        "short_url": "https://go.example/b",
        "destination": "https://example.com/?utm_term=t",
        "slug": "b",
        "domain": "go.example",
        "account": "tinycc",
        "provider": "tinycc",
        "title": "'=HYPERLINK(1)",
        "note": "two\nlines",
        "tags": "spring, @sum",
        "created_at": "2026-11-19T10:30:00Z",
        "clicks": "",
        "unique_clicks": "",
        "last_click_at": "",
        "archived": "true",
        "expires_at": "2027-01-01",
        "external_id": "e",
        "utm_source": "s",
        "utm_medium": "m",
        "utm_campaign": "",
        "utm_term": "t",
        "utm_content": "",
    }
    assert done.stderr == "2 of 2 links written\n2 links written.\n"


def test_json_lines_have_the_same_names_and_typed_values(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "links.jsonl"
    assert run(config, "--format", "jsonl", "--output", file).exit_code == 0
    plain, rich = map(json.loads, file.read_text().splitlines())
    assert tuple(plain) == COLUMNS
    assert (rich["title"], rich["tags"], rich["archived"], rich["clicks"]) == (
        "=HYPERLINK(1)",
        ["spring", "@sum"],
        True,
        None,
    )


@pytest.mark.parametrize(
    ("options", "slugs"),
    [
        (("--tag", "spring"), ["b"]),
        (("--search", "hyper"), ["b"]),
        (("--account", "tinycc"), ["a", "b"]),
        (("--tag", "none"), []),
    ],
)
def test_links_are_chosen_by_account_tag_and_text(config: Path, options: tuple[str, ...], slugs: list[str]) -> None:
    assert [row["slug"] for row in rows(run(config, *options))] == slugs


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ((), [("2026-11-01", "3"), ("2026-11-02/2026-11-05", "5")]),
        (("--until", "2026-11-04"), [("2026-11-01", "3")]),
        (("--since", "2026-11-02"), [("2026-11-02/2026-11-05", "5")]),
    ],
)
def test_clicks_by_day_are_a_line_per_link_and_day(
    config: Path, options: tuple[str, ...], days: list[tuple[str, str]]
) -> None:
    found = rows(run(config, "--clicks-by", "day", *options))
    assert [(row["slug"], row["day"], row["clicks"]) for row in found] == [("b", day, clicks) for day, clicks in days]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--account", "gone"), "'gone' is none; there are: tinycc"),
        (("--url", "http://127.0.0.1:9"), "Name a running gateway with --url, or with --config"),
        (("--since", "2026-11-01"), "--since and --until need --clicks-by day"),
        (("--clicks-by", "day", "--since", "2026-11-30", "--until", "2026-11-01"), "--since is after --until"),
        (("--output", "/"), "Is a directory"),
    ],
)
def test_a_wrong_option_is_refused(config: Path, options: tuple[str, ...], message: str) -> None:
    done = run(config, *options)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_configuration_without_a_catalog_says_what_is_missing(config: Path) -> None:
    config.write_text(config.read_text().partition("[catalog]")[0])
    done = run(config)
    assert done.exit_code == 1
    assert "[catalog] url names its database" in done.stderr


def test_links_of_an_account_that_is_not_configured_are_left_out_with_a_word_until_they_are_chosen(
    config: Path,
) -> None:
    asyncio.run(fill(config.with_name("catalog.db"), "gone", [replace(PLAIN, handle="3", slug="c")]))
    unasked = run(config)
    assert unasked.exit_code == 1
    assert "the configuration does not: gone (1). Name accounts with --account" in unasked.stderr
    chosen = rows(run(config, "--account", "gone"))
    assert [(row["slug"], row["account"], row["provider"]) for row in chosen] == [("c", "gone", "")]


def test_a_running_gateway_writes_the_same_lines_as_its_database(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = {"url": f"sqlite:///{config.with_name('catalog.db')}"}
    output = StringIO()

    async def export() -> None:
        gateway = open_gateway(providers={"tinycc": discover()["tinycc"]}, sections={"catalog": catalog})
        async with running(gateway), gateway.client() as http:
            await write_gateway_links(GatewayClient(http, "/graphql"), {"tags": None, "search": None}, "jsonl", output)

    asyncio.run(export())
    assert capsys.readouterr().err.endswith("2 links written.\ntinycc: " + UNREAD_NOTICE + "\n")
    assert output.getvalue() == run(config, "--format", "jsonl").stdout


@pytest.mark.parametrize(
    ("options", "message", "status"),
    [
        ((), "Name a running gateway with --url, or with --config", 2),
        (("--url", "http://127.0.0.1:9", "--clicks-by", "day"), "--clicks-by reads the database", 2),
        (("--url", "http://127.0.0.1:9"), "the gateway at http://127.0.0.1:9/graphql cannot be reached", 1),
    ],
)
def test_a_gateway_that_cannot_export_is_an_error_in_words(options: tuple[str, ...], message: str, status: int) -> None:
    done = CliRunner().invoke(main, ["export", *options])
    assert (done.exit_code, done.stdout) == (status, "")
    assert message in done.stderr
