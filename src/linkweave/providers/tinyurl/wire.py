"""TinyURL's JSON, and what it is in the gateway's models. Each answer has what it is about in `data` (DOC)."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from linkweave.models import Expiry, Link, Measure, StatsReport
from linkweave.providers.tinyurl.handles import Name, check_alias, check_domain, parse_name
from linkweave.providers.wire import Count, Flag, Moment, OptionalUrl, Text, TolerantWire, WebUrl, Wire

MEASURES: Final = frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS, Measure.BOT_CLICKS})

_PERSONAL: Final = frozenset({"user", "team"})


def drop_personal(data: object) -> object:
    """`data` without the user and the team of a link, which have names and an e-mail address."""
    link = data.get("data") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(link, dict):
        return data
    return {**data, "data": {name: value for name, value in link.items() if name not in _PERSONAL}}


def _one_of_list(value: object) -> object:
    """An object; the document says that it is in an array, and live it is not (FOUND)."""
    return value[0] if isinstance(value, list) and value else value


class Analytics(Wire):
    """Whether TinyURL counts the clicks of a link."""

    enabled: Flag | None = None


class NamedRow(Wire):
    """A link by its name. A row that has no usable name is lost."""

    domain: Annotated[str, AfterValidator(check_domain)]
    alias: Annotated[str, AfterValidator(check_alias)]

    @property
    def name(self) -> Name:
        """What identifies the link."""
        return Name(self.domain, self.alias)


class ListedRow(NamedRow):
    """A link in a list, where `url` and `hits` are not promised."""

    tiny_url: WebUrl
    url: OptionalUrl = None
    created_at: Moment | None = None
    expires_at: Moment | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    archived: Flag | None = None
    deleted: Flag | None = None
    hits: Count | None = None
    analytics: Annotated[Analytics | None, BeforeValidator(_one_of_list)] = None

    def to_link(self, destination: str, at: datetime) -> Link:
        """The link as TinyURL sent it at `at`, with its destination."""
        return Link(
            handle=self.name.handle,
            short_url=self.tiny_url,
            slug=self.alias,
            destination=destination,
            fetched_at=at,
            domain=self.domain,
            note=self.description,
            tags=self.tags,
            created_at=self.created_at,
            expiry=None if self.expires_at is None else Expiry(self.expires_at.date()),
            archived=self.archived,
            included=None if self.hits is None else StatsReport(MEASURES, at, clicks=self.hits),
        )


class LinkRow(ListedRow):
    """A link with its destination."""

    url: WebUrl


class LinkAnswer(TolerantWire):
    """GET /alias/… and POST /create."""

    data: LinkRow


class ListAnswer(TolerantWire):
    """GET /urls/…, which has all links at once."""

    data: tuple[ListedRow, ...]


class UpdatedAnswer(TolerantWire):
    """PATCH /update, PATCH /archive and DELETE /alias/…: a link, mostly without its destination."""

    data: "UpdatedRow"


class UpdatedRow(NamedRow):
    """A link after a write."""

    archived: Flag | None = None


class ChangedRow(Wire):
    """The new destination."""

    url: Text


class ChangedAnswer(TolerantWire):
    """PATCH /change."""

    data: ChangedRow


class JobRow(Wire):
    """A bulk job. Its status is 0 for new, 1 for processing and 2 for processed."""

    id: Count
    status: Count


class JobAnswer(TolerantWire):
    """POST /bulk and GET /bulk/…/status."""

    data: JobRow


class ReportRow(Wire):
    """What became of one item of a bulk job; `metadata` is what was sent with it."""

    metadata: object
    status: Text
    domain: str | None = None
    alias: str | None = None
    url: OptionalUrl = None
    tinyurl: OptionalUrl = None
    expires_at: Moment | None = None
    comment: str | None = None

    @property
    def name(self) -> Name | None:
        """What identifies the link afterwards, if the row tells."""
        return parse_name((self.domain or "").lower(), self.alias or "")


class ReportAnswer(TolerantWire):
    """GET /bulk/…/report."""

    data: tuple[ReportRow, ...]


class PointRow(Wire):
    """The clicks of a day. Those of people are `human`."""

    datetime: Text
    total: Count
    unique: Count
    human: Count


class TimelineRows(Wire):
    """Days with clicks."""

    dataset: tuple[PointRow, ...]


class TimelineAnswer(TolerantWire):
    """GET /analytics/timeline."""

    data: TimelineRows


class TopRows(Wire):
    """Values of a dimension with their clicks, and the clicks that have none."""

    dataset: tuple[dict[str, Any], ...]
    direct: Count = 0
    none: Count = 0


class TopAnswer(TolerantWire):
    """GET /analytics/sources/top, /languages/top and /location/…."""

    data: TopRows


class GeneralRows(Wire):
    """Browsers, systems and devices; the object may be in an array (DOC)."""

    dataset: Annotated["Technology", BeforeValidator(_one_of_list)]


class Technology(Wire):
    """Values with their clicks."""

    browser: tuple[dict[str, Any], ...] = Field(default=())
    os: tuple[dict[str, Any], ...] = Field(default=())
    device: tuple[dict[str, Any], ...] = Field(default=())


class GeneralAnswer(TolerantWire):
    """GET /analytics/general."""

    data: GeneralRows
