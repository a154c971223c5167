"""A large catalog: links of 20 accounts, their tags and days, made by the database itself."""

import os
from collections.abc import Iterator
from typing import Final

from sqlalchemy import text

from linkweave.catalog.database import Database

LINKS: Final = int(os.environ.get("LINKWEAVE_BENCH_LINKS", "100000"))
DAYS_PER_LINK: Final = 5
ACCOUNTS: Final = tuple(f"account-{number:02}" for number in range(20))
# 2026-11-20 as the number of a day, and its noon in microseconds.
LAST_DAY: Final = 739_940
NOON: Final = 1_795_176_000_000_000
SPREAD_DAYS: Final = 60
TAGS: Final = 500
# Links of one transaction.
CHUNK: Final = 20_000

_NUMBERS: Final = (
    "WITH RECURSIVE numbers (i) AS "
    "(SELECT CAST({first} AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i < {last}) "
)
_NUMBER: Final = "CAST(i AS TEXT)"
_ACCOUNT: Final = "'account-' || SUBSTR('0' || CAST(i % 20 AS TEXT), LENGTH(CAST(i % 20 AS TEXT)), 2)"
_DESTINATION: Final = "'https://shop' || CAST(i % 5000 AS TEXT) || '.example/item/' || CAST(i * 7919 % 700001 AS TEXT)"
_TITLE: Final = "'Campaign ' || CAST(i * 31 % 9973 AS TEXT) || ' of ' || CAST(i % 977 AS TEXT)"
_COLUMNS: Final = {
    "id": "i",
    "account": _ACCOUNT,
    "handle": f"'h' || {_NUMBER}",
    "short_url": f"'https://go.example/' || {_NUMBER}",
    "short_url_key": f"'go.example/' || {_NUMBER}",
    "slug": f"'s' || {_NUMBER}",
    "slug_key": f"'s' || {_NUMBER}",
    "destination": _DESTINATION,
    "destination_key": _DESTINATION,
    "destination_key_without_utm": _DESTINATION,
    "destination_host": "'shop' || CAST(i % 5000 AS TEXT) || '.example'",
    "title": _TITLE,
    "title_key": f"LOWER({_TITLE})",
    "created_at": f"{NOON} - i * 7919 % 1000003 * 31000000",
    "last_click_at": f"{NOON} - i * 104729 % 1000003 * 1000000",
    "clicks": "i * 104729 % 500009",
    "unique_clicks": "i * 1299709 % 300007",
    "clicks_at": str(NOON),
    "days_at": str(NOON),
    "days_from": str(LAST_DAY - SPREAD_DAYS),
    "days_source": "'VENDOR'",
    "search_key": f"'s' || {_NUMBER} || CHR(31) || LOWER({_TITLE}) || CHR(31) || {_DESTINATION}",
    "model": (
        f"""'{{"handle":"h' || {_NUMBER} || '","short_url":"https://go.example/' || {_NUMBER}"""
        f""" || '","slug":"s' || {_NUMBER} || '","destination":"' || {_DESTINATION}"""
        f""" || '","title":"' || {_TITLE} || '","tags":["tag1","tag2"]}}'"""
    ),
    "digest": _NUMBER,
    "first_seen_at": str(NOON),
    "seen_at": str(NOON),
    "seen_in_walk": "1",
}


async def fill(database: Database, links: int = LINKS) -> None:
    """Stores so many `links`, two tags and five days of each, unless they are there."""
    async with database.read() as connection:
        stored = (await connection.execute(text("SELECT COALESCE(MAX(id), 0) FROM links"))).scalar_one()
    for first in range(stored + 1, links + 1, CHUNK):
        numbers = _NUMBERS.format(first=first, last=min(first + CHUNK - 1, links))
        async with database.write() as connection:
            for statement in _statements(numbers, is_postgresql=database.is_postgresql):
                await connection.execute(text(statement))
    async with database.write() as connection:
        await connection.execute(text("ANALYZE"))


def _statements(numbers: str, *, is_postgresql: bool) -> Iterator[str]:
    char, cast = ("CHR", "CAST({} AS JSON)") if is_postgresql else ("CHAR", "{}")
    columns = {**_COLUMNS, "model": cast.format(_COLUMNS["model"])}
    values = ", ".join(columns.values()).replace("CHR(", f"{char}(")
    yield f"INSERT INTO links ({', '.join(columns)}) {numbers} SELECT {values} FROM numbers"
    yield from (_tags(numbers, position) for position in range(2))
    yield from (_days(numbers, position) for position in range(DAYS_PER_LINK))


def _tags(numbers: str, position: int) -> str:
    tag = f"'tag' || CAST((i * {7 + position} + {position}) % {TAGS} AS TEXT)"
    return (
        f"INSERT INTO link_tags (link_id, tag_key, tag, position) {numbers} SELECT i, {tag}, {tag}, {position} "
        "FROM numbers WHERE 1 = 1 ON CONFLICT DO NOTHING"
    )


def _days(numbers: str, position: int) -> str:
    day = f"{LAST_DAY} - (i * 13 + {position} * 11) % {SPREAD_DAYS}"
    return (
        "INSERT INTO clicks_daily (link_id, first_day, last_day, clicks, unique_clicks, source) "
        f"{numbers} SELECT i, {day}, {day}, i % 97, i % 31, 'VENDOR' FROM numbers"
    )
