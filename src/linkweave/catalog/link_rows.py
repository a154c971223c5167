"""Links as rows of the table, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Text, type_coerce

from linkweave.catalog.addresses import compared_destination, short_url_key
from linkweave.catalog.column_types import moment_or_none
from linkweave.catalog.search_text import search_key
from linkweave.catalog.storable_text import without_unstorable
from linkweave.catalog.tables import LINKS
from linkweave.models import Link, Measure, StatsReport, Utm
from linkweave.models.host_names import host_key

# The adapter's own method goes through two more.
_VALIDATE: Final = TypeAdapter(Link).validator.validate_python
# These have columns of their own: they change more often than a link does.
_APART: Final = frozenset({"fetched_at", "last_click_at", "included"})
MODEL_FIELDS: Final = tuple(field.name for field in fields(Link) if field.name not in _APART)
"""The fields of a link of which a change is a change of the link."""
_VALUES_OF: Final = attrgetter(*MODEL_FIELDS)
_NUL: Final = rb"\u0000"
# A new number makes each link a changed one: for a program that derives the columns in another way.
_DERIVATION: Final = b"1"
_DIGEST_BYTES: Final = 16

# By whether clicks are there, and unique clicks.
_MEASURES: Final[Mapping[tuple[bool, bool], frozenset[Measure]]] = MappingProxyType(
    {
        (False, False): frozenset(),
        (True, False): frozenset({Measure.CLICKS}),
        (False, True): frozenset({Measure.UNIQUE_CLICKS}),
        (True, True): frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS}),
    }
)

COLUMNS_OF_LINK: Final = (
    "id",
    "account",
    "model",
    "clicks",
    "unique_clicks",
    "clicks_at",
    "last_click_at",
    "seen_at",
    "deleted_at",
)
"""The columns that `link_of` needs, and those that tell which link it is."""

COLUMNS_AS_STORED: Final = (
    type_coerce(LINKS.c.model, Text).label("model"),
    LINKS.c.clicks,
    LINKS.c.unique_clicks,
    type_coerce(LINKS.c.clicks_at, BigInteger).label("clicks_at"),
    type_coerce(LINKS.c.last_click_at, BigInteger).label("last_click_at"),
)
"""The columns that `link_of_stored` needs."""


@dataclass(frozen=True, slots=True)
class StorableLink:
    """A link that has only text that can be stored, with its model as JSON. Equal digests mean equal links."""

    link: Link
    model: bytes
    digest: str


def storable(link: Link) -> StorableLink:
    """Returns `link` with a replacement character for each character that cannot be stored."""
    try:
        model = _encode(link)
    except orjson.JSONEncodeError:
        model = _NUL
    if _NUL in model:
        link = without_unstorable(link)
        model = _encode(link)
    return StorableLink(link, model, blake2b(model + _DERIVATION, digest_size=_DIGEST_BYTES).hexdigest())


def row_of(account: str, stored: StorableLink) -> dict[str, Any]:
    """Returns the columns that follow from a link.

    The columns of clicks and those of what the catalog did are not among them.
    """
    link = stored.link
    destination, expiry = compared_destination(link.destination), link.expiry
    return {
        "account": account,
        "handle": link.handle,
        "short_url": link.short_url,
        "short_url_key": short_url_key(link.short_url),
        "slug": link.slug,
        "slug_key": link.slug.casefold(),
        "destination": link.destination,
        "destination_key": destination.key,
        "destination_key_without_utm": destination.key_without_utm,
        "destination_host": destination.host,
        "domain": link.domain,
        "domain_key": None if link.domain is None else host_key(link.domain),
        "title": link.title,
        "title_key": None if link.title is None else link.title.casefold(),
        "note": link.note,
        "created_at": link.created_at,
        "last_click_at": link.last_click_at,
        "expires_at": None if expiry is None or expiry.at is None else _start_of(expiry.at),
        "external_id": link.external_id,
        "archived": link.archived,
        "starred": link.starred,
        "team_id": link.team_id,
        "campaign_id": link.campaign_id,
        **_utm_columns(link.utm, destination.utm),
        "search_key": search_key(link),
        "model": orjson.Fragment(stored.model),
        "digest": stored.digest,
        "seen_at": link.fetched_at,
    }


def tag_rows(link: Link) -> list[dict[str, Any]]:
    """Returns the rows of the tags of `link`, without the link's id. Tags that differ only by case are one."""
    first: dict[str, dict[str, Any]] = {}
    for position, tag in enumerate(link.tags):
        key = tag.casefold()
        first.setdefault(key, {"tag_key": key, "tag": tag, "position": position})
    return list(first.values())


def link_of(row: Mapping[Any, Any]) -> Link:
    """Returns the link of a row that has COLUMNS_OF_LINK. Its totals are included as they were read last."""
    totals = _totals_of(row["clicks"], row["unique_clicks"], row["clicks_at"])
    return _link_of({**row["model"]}, row["seen_at"], row["last_click_at"], totals)


def link_of_stored(stored: Sequence[Any], seen_at: datetime) -> Link:
    """Returns the link of a row that has COLUMNS_AS_STORED, like `link_of`.

    Neither its model nor its moments are decoded by SQLAlchemy, which takes longer.
    """
    model, clicks, unique_clicks, clicks_at, last_click_at = stored
    totals = _totals_of(clicks, unique_clicks, moment_or_none(clicks_at))
    # PostgreSQL's driver has decoded it.
    decoded = model if isinstance(model, dict) else orjson.loads(model)
    return _link_of(decoded, seen_at, moment_or_none(last_click_at), totals)


def _link_of(
    model: dict[str, Any], seen_at: datetime, last_click_at: datetime | None, totals: StatsReport | None
) -> Link:
    model["fetched_at"], model["last_click_at"], model["included"] = seen_at, last_click_at, totals
    link: Link = _VALIDATE(model)
    return link


def _totals_of(clicks: int | None, unique_clicks: int | None, at: datetime | None) -> StatsReport | None:
    measures = _MEASURES[clicks is not None, unique_clicks is not None]
    if not measures or at is None:
        return None
    return StatsReport(measures, at, clicks=clicks, unique_clicks=unique_clicks)


def _encode(link: Link) -> bytes:
    known = zip(MODEL_FIELDS, _VALUES_OF(link), strict=True)
    return orjson.dumps({name: value for name, value in known if value is not None})


def _utm_columns(own: Utm | None, in_destination: Utm) -> dict[str, str | None]:
    own = own or Utm()
    return {
        "utm_source": own.source or in_destination.source,
        "utm_medium": own.medium or in_destination.medium,
        "utm_campaign": own.campaign or in_destination.campaign,
        "utm_term": own.term or in_destination.term,
        "utm_content": own.content or in_destination.content,
    }


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
