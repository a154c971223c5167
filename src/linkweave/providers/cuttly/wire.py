"""Cutt.ly's answers as PHP really sends them.

The document lists the fields. It is FOUND how PHP encodes them: counts as strings, lists as objects with the keys "0",
"1", …, and empty objects as `[]`.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from linkweave.providers.short_urls import escaped_blanks
from linkweave.providers.wire import Count, Text, TolerantWire, WebUrl, Wire

# FOUND: the second format was used until 2020.
_DAY_FORMATS: Final = ("%Y-%m-%d", "%d.%m.%Y")
# The objects in `stats` whose values are lists.
_OBJECTS_OF_LISTS: Final = ("refs", "devices", "bots")


def _parse_creation_day(value: object) -> datetime:
    """The start of a day in UTC."""
    for each in _DAY_FORMATS:
        with suppress(ValueError, TypeError):
            return datetime.strptime(value, each).replace(tzinfo=UTC)  # type: ignore[arg-type] # other types are caught
    raise ValueError("is not a day")


ShortUrl: TypeAlias = Annotated[WebUrl, BeforeValidator(escaped_blanks)]
CreationDay: TypeAlias = Annotated[datetime, BeforeValidator(_parse_creation_day)]


class _PhpObject(Wire):
    """An object of lists, which is `[]` when all of them are empty."""

    @model_validator(mode="before")
    @classmethod
    def _empty(cls, value: Any) -> Any:
        return {name: [] for name in cls.model_fields} if value == [] else value


class TagRow(Wire):
    """A country, device, … and its clicks."""

    tag: Text
    clicks: Count | None = None


class ReferrerRow(Wire):
    """A domain with clicked links, and its clicks."""

    link: Text
    clicks: Count | None = None


class BotRow(Wire):
    """A bot and its clicks."""

    name: Text
    clicks: Count | None = None


class Devices(_PhpObject):
    """Breakdowns by properties of the visitor. An absent list is a breakdown that the vendor did not make."""

    geo: tuple[TagRow, ...] | None = None
    dev: tuple[TagRow, ...] | None = None
    sys: tuple[TagRow, ...] | None = None
    bro: tuple[TagRow, ...] | None = None
    brand: tuple[TagRow, ...] | None = None
    lang: tuple[TagRow, ...] | None = None


class Referrers(_PhpObject):
    """Breakdown by the origin of the click."""

    ref: tuple[ReferrerRow, ...] | None = None


class Bots(_PhpObject):
    """Breakdown of the clicks of bots."""

    bots: tuple[BotRow, ...] | None = None


class LinkStats(Wire):
    """A link that exists. The document has `bots` as a number and as a list."""

    full_link: Text = Field(alias="fullLink")
    short_link: ShortUrl = Field(alias="shortLink")
    clicks: Count | None = None
    # DOC: the day of shortening. Its zone is not documented.
    created_at: CreationDay | None = Field(default=None, alias="date")
    title: str | None = None
    facebook: Count | None = None
    twitter: Count | None = None
    linkedin: Count | None = None
    rest: Count | None = None
    refs: Referrers | None = None
    devices: Devices | None = None
    bots: Bots | None = None
    bot_count: Count | None = Field(default=None, alias="botCount")


class StatsAnswer(TolerantWire):
    """The answer to `action=stats` about a link that exists."""

    stats: LinkStats

    @classmethod
    def prepare(cls, data: object) -> object:
        """`data` with lists in place of objects with numbers for keys, and with a number of bots as `botCount`."""
        stats = data.get("stats") if isinstance(data, Mapping) else None
        if not isinstance(stats, Mapping):
            return data
        lists = {
            name: {key: _as_list(rows) for key, rows in stats[name].items()}
            for name in _OBJECTS_OF_LISTS
            if isinstance(stats.get(name), Mapping)
        }
        bots = stats.get("bots")
        counted = {} if isinstance(bots, Mapping | list) else {"bots": None, "botCount": bots}
        return {"stats": {**stats, **lists, **counted}}


class Status(Wire):
    """0: no such link, 1: a link, 2: invalid API key."""

    status: Count


class StatusAnswer(Wire):
    """The status in the answer to `action=stats`, on which the rest depends."""

    stats: Status


class ShortenedLink(TolerantWire):
    """A new link, without the `url` that may wrap it. The title may be missing (FOUND)."""

    short_link: ShortUrl = Field(alias="shortLink")
    title: str | None = None


def _as_list(value: object) -> object:
    if isinstance(value, Mapping) and all(key.isascii() and key.isdigit() for key in value):
        return list(value.values())
    return value
