"""ShortenWorld's JSON, checked.

Keys that are guesses are optional wherever a thing can do without them: a wrong guess costs a field, not the list.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from linkweave.providers.shortenworld import inferred
from linkweave.providers.wire import Wire

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST: Final = 2**63 - 1
_LONGEST_NUMBER: Final = 18


def whole_number(value: object) -> int:
    """A count as number or as digits.

    Raises:
        ValueError: it is neither, or negative, or beyond 64 bits.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    raise ValueError("is not a count")


def _hint(value: object) -> int | None:
    try:
        return whole_number(value)
    except ValueError:
        return None


def _moment(value: object) -> datetime:
    number = whole_number(value)
    milliseconds = number if number >= inferred.MILLISECONDS_FROM else 1000 * number
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise ValueError("is not a time") from error


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not a web address")
    return value


Count = Annotated[int, BeforeValidator(whole_number)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Id = Annotated[str, Field(min_length=1)]
Token = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,8192}$", repr=False)]


class Status(Wire):
    """DOC. Another code than 0 has become an error before anything is parsed; what is no number gets this far."""

    code: Annotated[int, Field(ge=0, le=0)]


class Reply(Wire):
    """DOC: every answer has a status."""

    status: Status


class TokenRow(Wire):
    """DOC. `expires_in` is read by tokens.py, which bears anything."""

    access_token: Token
    refresh_token: Token
    expires_in: object = None


class TokenReply(Reply):
    """The answer to a login or a refresh."""

    token: TokenRow


class TeamRow(Wire):
    """A team."""

    id: Id = Field(alias=inferred.ID)
    name: str = Field(alias=inferred.NAME)


class CampaignRow(Wire):
    """A campaign."""

    id: Id = Field(alias=inferred.ID)
    name: str = Field(alias=inferred.NAME)
    team_id: str | None = Field(default=None, alias=inferred.TEAM_ID)


class DomainRow(Wire):
    """A domain that a team has subscribed to."""

    id: Id = Field(alias=inferred.ID)
    name: Id = Field(alias=inferred.DOMAIN_NAME)
    kind: str | None = Field(default=None, alias=inferred.DOMAIN_KIND)


class TrackerRow(Wire):
    """A tracker of the catalogue, of a team or on a link."""

    id: Id = Field(alias=inferred.ID)
    name: str = Field(alias=inferred.NAME)
    kind: str | None = Field(default=None, alias=inferred.TRACKER_KIND)
    code: str | None = Field(default=None, alias=inferred.TRACKER_CODE)


Row = TypeVar("Row", bound=Wire)


class Rows(Reply, Generic[Row]):
    """A page of a list. What it says of itself is a guess, so a strange value there counts as nothing said."""

    rows: tuple[Row, ...]
    size: Annotated[int | None, BeforeValidator(_hint)] = Field(default=None, alias=inferred.PAGE_SIZE_ECHO)
    total: Annotated[int | None, BeforeValidator(_hint)] = Field(default=None, alias=inferred.TOTAL)


class TeamRows(Rows[TeamRow]):
    """A page of teams."""

    rows: tuple[TeamRow, ...] = Field(alias=inferred.TEAMS)


class CampaignRows(Rows[CampaignRow]):
    """A page of campaigns."""

    rows: tuple[CampaignRow, ...] = Field(alias=inferred.CAMPAIGNS)


class DomainRows(Rows[DomainRow]):
    """A page of domains."""

    rows: tuple[DomainRow, ...] = Field(alias=inferred.DOMAINS)


class CatalogueRows(Rows[TrackerRow]):
    """The catalogue of trackers, which has no pages (DOC)."""

    rows: tuple[TrackerRow, ...] = Field(alias=inferred.TRACKERS)


class TeamTrackerRows(Rows[TrackerRow]):
    """A page of a team's trackers."""

    rows: tuple[TrackerRow, ...] = Field(alias=inferred.TEAM_TRACKERS)


class LinkTrackerRows(Rows[TrackerRow]):
    """A page of a link's trackers."""

    rows: tuple[TrackerRow, ...] = Field(alias=inferred.LINK_TRACKERS)


class MetricRow(Wire):
    """One row of a metric."""

    name: str = Field(alias=inferred.NAME)
    value: Count = Field(alias=inferred.VALUE)


class AnalyticsReply(Reply):
    """DOC. The metrics are parsed one by one: a strange one does not spoil the others."""

    metrics: dict[str, object] = Field(alias=inferred.METRICS)
