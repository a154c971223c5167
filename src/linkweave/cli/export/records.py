"""What is written of a link: the same names and values in CSV and in JSON lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from linkweave.catalog.addresses import compared_destination
from linkweave.catalog.reads.link_days import LinkDay
from linkweave.catalog.reads.questions.links import KnownLink
from linkweave.cli.csv_lines import csv_line
from linkweave.models import Utm

UTM_NAMES: Final = ("source", "medium", "campaign", "term", "content")
# The order is that of the columns. It is part of what the documentation promises.
COLUMNS: Final = (
    "short_url",
    "destination",
    "slug",
    "domain",
    "account",
    "provider",
    "title",
    "note",
    "tags",
    "created_at",
    "clicks",
    "unique_clicks",
    "last_click_at",
    "archived",
    "expires_at",
    "external_id",
    *(f"utm_{name}" for name in UTM_NAMES),
)
DAY: Final = "day"


def record_of(known: KnownLink, provider: str | None) -> dict[str, Any]:
    """Returns the values of a link by the names of their columns. Null is what is not known."""
    link, totals, expiry = known.link, known.link.included, known.link.expiry
    utm = link.utm or Utm()
    record = {
        "short_url": link.short_url,
        "destination": link.destination,
        "slug": link.slug,
        "domain": link.domain,
        "account": known.account,
        "provider": provider,
        "title": link.title,
        "note": link.note,
        "tags": list(link.tags),
        "created_at": _time(link.created_at),
        "clicks": None if totals is None else totals.clicks,
        "unique_clicks": None if totals is None else totals.unique_clicks,
        "last_click_at": _time(link.last_click_at),
        "archived": link.archived,
        "expires_at": None if expiry is None or expiry.at is None else expiry.at.isoformat(),
        "external_id": link.external_id,
        **{f"utm_{name}": getattr(utm, name) for name in UTM_NAMES},
    }
    return with_destination_utm(record)


def with_destination_utm(record: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the record with the campaign parameters of the destination in place of those that the link has not."""
    in_destination = compared_destination(record["destination"]).utm
    names = {f"utm_{name}": getattr(in_destination, name) for name in UTM_NAMES}
    return {**record, **{name: record[name] or found for name, found in names.items()}}


def record_of_day(record: Mapping[str, Any], day: LinkDay) -> dict[str, Any]:
    """Returns the record of a link on one day: its clicks are those of the day. A span is FIRST/LAST, as ISO 8601."""
    first, last = day.first_day.isoformat(), day.last_day.isoformat()
    name = first if first == last else f"{first}/{last}"
    return {**record, "clicks": day.clicks, "unique_clicks": day.unique_clicks, DAY: name}


def csv_header(*, by_day: bool) -> str:
    """Returns the first line of CSV."""
    return csv_line([*COLUMNS, DAY] if by_day else COLUMNS)


def as_csv(record: Mapping[str, Any]) -> str:
    """Returns a record as a line of CSV. Tags have a comma and a blank between them."""
    return csv_line([_cell(value) for value in record.values()])


def as_json(record: Mapping[str, Any]) -> str:
    """Returns a record as a line of JSON."""
    return orjson.dumps(record).decode() + "\n"


def _cell(value: Any) -> str | float | None:
    if isinstance(value, list):
        return ", ".join(value)
    cell: str | float | None = str(value).lower() if isinstance(value, bool) else value
    return cell


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
