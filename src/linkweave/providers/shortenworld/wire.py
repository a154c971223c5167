"""ShortenWorld's JSON, except that of links.

Keys that are guesses are optional wherever a thing can do without them: a wrong guess costs a field, not the list.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final, Generic, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field

from linkweave.providers.shortenworld import inferred
from linkweave.providers.wire import Count, Text, TolerantWire, Wire, parse_count

Row = TypeVar("Row", bound=Wire)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def day_text(day: date) -> str:
    """`day` as a parameter: dd/MM/yyyy (DOC)."""
    # strftime writes years before 1000 with fewer digits on some machines.
    return day.replace(year=2000).strftime(inferred.DAY_FORMAT).replace("2000", f"{day.year:04}")


def parse_day_text(text: str) -> date:
    """The day that `text` names as dd/MM/yyyy.

    Raises:
        ValueError: it names none.
    """
    return datetime.strptime(text, inferred.DAY_FORMAT).replace(tzinfo=UTC).date()


def _moment(value: object) -> datetime:
    number = parse_count(value)
    milliseconds = number if number >= inferred.MILLISECONDS_FROM else 1000 * number
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise ValueError("is not a time") from error


Moment: TypeAlias = Annotated[datetime, BeforeValidator(_moment)]
Token: TypeAlias = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,8192}$", repr=False)]


class Status(Wire):
    """DOC. Another code than 0 is an error before anything is parsed; text that is no number gets this far."""

    code: Annotated[int, Field(ge=0, le=0)]


class Reply(TolerantWire):
    """DOC: every answer has a status."""

    status: Status


class TokenRow(Wire):
    """DOC. `expires_in` is read by tokens.py, which takes any value."""

    access_token: Token
    refresh_token: Token
    expires_in: object = None


class TokenReply(Reply):
    """The answer to a login or a refresh."""

    token: TokenRow


class TeamRow(Wire):
    """A team."""

    id: Text = Field(alias=inferred.ID)
    name: str = Field(alias=inferred.NAME)


class CampaignRow(Wire):
    """A campaign."""

    id: Text = Field(alias=inferred.ID)
    name: str = Field(alias=inferred.NAME)
    team_id: str | None = Field(default=None, alias=inferred.TEAM_ID)


class DomainRow(Wire):
    """A domain that a team has subscribed to."""

    id: Text = Field(alias=inferred.ID)
    name: Text = Field(alias=inferred.DOMAIN_NAME)
    kind: str | None = Field(default=None, alias=inferred.DOMAIN_KIND)


class TrackerRow(Wire):
    """A tracker of the catalogue, of a team or on a link."""

    id: Text = Field(alias=inferred.ID)
    name: str = Field(alias=inferred.NAME)
    kind: str | None = Field(default=None, alias=inferred.TRACKER_KIND)
    code: str | None = Field(default=None, alias=inferred.TRACKER_CODE)


class Rows(Reply, Generic[Row]):
    """A page of a list. The keys beside its rows are guesses."""

    rows: tuple[Row, ...]
    size: Count | None = Field(default=None, alias=inferred.PAGE_SIZE_ECHO)
    total: Count | None = Field(default=None, alias=inferred.TOTAL)

    @property
    def row_count(self) -> int:
        """The number of rows that the vendor sent, with those that could not be read."""
        return len(self.rows) + self.left_out.row_count


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


class AnalyticsReply(Reply):
    """DOC. The metrics are read one by one: a strange one does not spoil the others."""

    metrics: dict[str, object] = Field(alias=inferred.METRICS)
