"""What a provider can read, as types: the class header of an adapter is its feature list."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import ClassVar

from linkweave.errors import VendorError
from linkweave.models import (
    BOT_TOTALS,
    AccountUsage,
    Campaign,
    Capability,
    Dimension,
    Domain,
    ExternalIdUsage,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    StatsPart,
    StatsReport,
    Team,
    Tracker,
    TrackingPresets,
    Webhook,
)


class LinkOrder(Enum):
    """The order of an account's own list of links."""

    NEWEST_FIRST = "NEWEST_FIRST"
    """Links have creation times, and every lane starts with the newest link: lanes are merged by time."""
    AS_LISTED = "AS_LISTED"
    """Links have no creation times: the links of a lane come after those of the lane before it."""


class LinkSort(Enum):
    """An order in which a vendor can list the links of an account instead of its own."""

    CREATED = "CREATED"
    CLICKS = "CLICKS"
    MODIFIED = "MODIFIED"
    SLUG = "SLUG"


class FilterField(Enum):
    """The parts of a LinkFilter that an adapter may take over."""

    SEARCH = "search"
    DESTINATION = "destination"
    TAGS = "tags"
    DOMAINS = "domains"
    CREATED = "created"
    EXTERNAL_ID = "external_id"
    AUTHOR = "author"
    TEAMS = "teams"
    CAMPAIGNS = "campaigns"
    ARCHIVED = "archived"
    STARRED = "starred"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Lane:
    """One list at the vendor that is paged by itself; `name` is stable, short, and unique in its plan."""

    name: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListPlan:
    """The lanes to read for one filter, chosen before anything is listed.

    `handled` are the parts of the filter that the vendor, or the choice of lanes, answers completely. The gateway
    checks the other parts on every link. A plan without lanes means that nothing can match. `notice` tells callers a
    limit of this vendor's list.
    """

    lanes: tuple[Lane, ...]
    handled: frozenset[FilterField] = frozenset()
    notice: str | None = None


class CanListLinks(ABC):
    """LIST_LINKS."""

    capability: ClassVar[Capability] = Capability.LIST_LINKS
    link_order: ClassVar[LinkOrder]
    searches_destinations: ClassVar[bool] = False
    """Whether the vendor's own search finds links by destination."""

    @abstractmethod
    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """Choose the lanes that together hold every link that matches `wanted`, each link once.

        May read from the vendor what the choice depends on, such as the account's domains.
        """

    @abstractmethod
    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """One page of `lane`, as large as the vendor allows; `page` is the `next` of the page before, if any."""


class CanSortLinks(ABC):
    """A part of LIST_LINKS that few vendors have: lists in other orders."""

    link_sorts: ClassVar[frozenset[LinkSort]]

    @abstractmethod
    def sorted_plan(self, plan: ListPlan, sort: LinkSort) -> ListPlan:
        """The lanes of `plan`, each in the order `sort`, which is one of `link_sorts`. Makes no call."""


class CanGetLinks(ABC):
    """GET_LINK."""

    capability: ClassVar[Capability] = Capability.GET_LINK

    @abstractmethod
    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        """The links that exist among `handles`, in as few calls as the vendor allows.

        Where each link is a call of its own, a failed call has its error in the place of the link. `fields` are the
        names of the Link fields that the caller reads. A field that costs a further call is read only if it is one.
        """

    @abstractmethod
    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link behind https://`domain`/`slug`; None where this account has none."""


class CanReadStats(ABC):
    """LINK_STATS."""

    capability: ClassVar[Capability] = Capability.LINK_STATS
    stats_dimensions: ClassVar[frozenset[Dimension]]
    measures: ClassVar[frozenset[Measure]]
    bots_excluded: ClassVar[bool | None] = None
    countable_days: ClassVar[str] = "any"
    """The ranges of days that the vendor can count, in words; "none" where it counts whole lives only."""
    tells_days: ClassVar[bool] = True
    """Whether the vendor tells the clicks of each day."""

    @abstractmethod
    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period | None,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """Statistics of one link over the days of `period`, and over no others; None is the link's whole life.

        The report has the `parts`, and nothing that costs a further call. `link` is given where the caller has it
        already; its `included` report saves a call. A breakdown or series that the vendor never has is left out. A part
        whose call failed is in `failures`; so is one that the vendor cannot count over these days, with
        UnsupportedError. Callers ask for the totals alone where `period` is None.

        Raises:
            VendorError: no part could be read.
        """

    def tells(self, part: StatsPart) -> bool:
        """Whether the vendor has this part of any link's statistics; no call is made for one that it never has."""
        if part == BOT_TOTALS:
            return Measure.BOT_CLICKS in self.measures
        return part.dimension is None or part.dimension in self.stats_dimensions

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - for subclasses
        """What `read_stats` returns without a call, because it came with `link`; None where a call is needed."""
        return None


class CanReadManyStats(CanReadStats):
    """BATCH_STATS, which few vendors have: one call counts the clicks of many links."""

    # LINK_STATS is the capability of the base.
    capability: ClassVar[Capability] = Capability.BATCH_STATS

    @abstractmethod
    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:
        """The maximum number of links for which one call counts `part`; 1 where each link takes calls of its own.

        `whole_account` says that the account has no other links. Are more totals counted then, `read_sums` is asked for
        them, too.
        """

    @abstractmethod
    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        """The totals of each of `links` over the days of `period`, by handle; None is the links' whole lives.

        A link whose call failed has the error in the place of its report. A link without clicks has 0.
        """

    async def read_sums(
        self,
        links: Sequence[Link],  # noqa: ARG002 - for subclasses
        period: Period,  # noqa: ARG002 - as above
        parts: frozenset[StatsPart],  # noqa: ARG002 - as above
        *,
        whole_account: bool = False,  # noqa: ARG002 - as above
    ) -> Sequence[StatsReport | VendorError]:
        """The `parts` of all `links` together over the days of `period`: reports that the caller adds up.

        Each report is the sum of some of `links`, so that each link is in exactly one. A call that failed has its error
        in the place of the report. Only parts for which one call counts several links are asked for. Totals are
        asked for where `links_per_call` has more of them for a whole account.
        A vendor that counts nothing but totals together is asked for none.
        """
        return ()


class CanListTags(ABC):
    """LIST_TAGS."""

    capability: ClassVar[Capability] = Capability.LIST_TAGS

    @abstractmethod
    async def list_tags(self) -> tuple[str, ...]:
        """The name of every tag of the account."""


class CanListDomains(ABC):
    """LIST_DOMAINS."""

    capability: ClassVar[Capability] = Capability.LIST_DOMAINS

    @abstractmethod
    async def list_domains(self) -> tuple[Domain, ...]:
        """Every short domain that the account may use."""


class CanListTeams(ABC):
    """LIST_TEAMS."""

    capability: ClassVar[Capability] = Capability.LIST_TEAMS

    @abstractmethod
    async def list_teams(self) -> tuple[Team, ...]:
        """Every team of the account."""


class CanListCampaigns(ABC):
    """LIST_CAMPAIGNS."""

    capability: ClassVar[Capability] = Capability.LIST_CAMPAIGNS

    @abstractmethod
    async def list_campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        """The campaigns of one team, or of all."""


class CanListTrackers(ABC):
    """LIST_TRACKERS."""

    capability: ClassVar[Capability] = Capability.LIST_TRACKERS

    @abstractmethod
    async def list_trackers(self) -> tuple[Tracker, ...]:
        """The provider's catalogue."""

    @abstractmethod
    async def list_team_trackers(self, team_id: str) -> tuple[Tracker, ...]:
        """The trackers of a team."""

    @abstractmethod
    async def list_link_trackers(self, handle: str) -> tuple[Tracker, ...]:
        """The trackers on a link."""


class CanListTrackingPresets(ABC):
    """LIST_TRACKING_PRESETS."""

    capability: ClassVar[Capability] = Capability.LIST_TRACKING_PRESETS

    @abstractmethod
    async def tracking_presets(self) -> TrackingPresets:
        """Campaign values, pixels and tag managers that the account used before."""


class CanListWebhooks(ABC):
    """LIST_WEBHOOKS."""

    capability: ClassVar[Capability] = Capability.LIST_WEBHOOKS

    @abstractmethod
    async def list_webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        """At most `limit` webhooks after the first `offset`; `next` is None at the end."""


class CanReportUsage(ABC):
    """ACCOUNT_USAGE."""

    capability: ClassVar[Capability] = Capability.ACCOUNT_USAGE

    @abstractmethod
    async def usage(self) -> AccountUsage:
        """Plan and counters."""


class CanReportExternalIdUsage(ABC):
    """EXTERNAL_ID_USAGE."""

    capability: ClassVar[Capability] = Capability.EXTERNAL_ID_USAGE
    max_usage_days: ClassVar[int]

    @abstractmethod
    async def external_id_usage_between(self, start: datetime, end: datetime) -> tuple[ExternalIdUsage, ...]:
        """As `external_id_usage`, from one moment to another, which are at most `max_usage_days` apart."""

    @abstractmethod
    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        """Links created over the API in `period`, counted per external id."""
