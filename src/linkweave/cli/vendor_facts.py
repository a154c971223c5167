"""What a vendor tells, how many calls that takes, and how many it allows: computed from its adapter and its record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args, get_origin

import httpx2

from linkweave.accounts import open_account
from linkweave.clock import SystemClock
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Capability, Measure, StatsPart
from linkweave.providers.base import Adapter
from linkweave.providers.read_capabilities import CanListLinks, CanReadManyStats, CanReadStats
from linkweave.providers.record import Provider
from linkweave.settings import AccountSettings
from linkweave.transport.rate_limit.limiter import RateLimit

NONE: Final = "-"
_MEASURES: Final[Mapping[Measure, str]] = MappingProxyType(
    {Measure.CLICKS: "clicks", Measure.UNIQUE_CLICKS: "unique clicks", Measure.BOT_CLICKS: "bots"}
)
_BOTS: Final[Mapping[bool | None, str]] = MappingProxyType({True: "left out", False: "counted too", None: "not told"})
_UNITS: Final[Mapping[float, str]] = MappingProxyType({1: "a second", 60: "a minute", 3600: "an hour"})
_NOWHERE: Final = "http://127.0.0.1"


class _NoWire(httpx2.AsyncBaseTransport):
    """Stands for the network: nothing is asked."""


@dataclass(frozen=True, slots=True)
class VendorFacts:
    """The facts about one vendor, over the settings of its first sandbox account."""

    provider: Provider
    adapter: Adapter

    @classmethod
    def of(cls, provider: Provider) -> "VendorFacts":
        """Opens the account, and makes no call."""
        wire = httpx2.AsyncClient(transport=_NoWire())
        return cls(provider, open_account(_sample(provider), provider, wire, SystemClock()).adapter)

    @property
    def measures(self) -> str:
        """What the totals of a link count."""
        adapter = self.adapter
        told = adapter.measures if isinstance(adapter, CanReadStats) else frozenset[Measure]()
        return ", ".join(words for measure, words in _MEASURES.items() if measure in told) or NONE

    @property
    def days(self) -> str:
        """The ranges of days of which there are totals."""
        return self.adapter.countable_days if isinstance(self.adapter, CanReadStats) else NONE

    @property
    def by_day(self) -> str:
        """Whether the clicks of each day are told."""
        if not isinstance(self.adapter, CanReadStats):
            return NONE
        return "yes" if self.adapter.tells_days else "no"

    @property
    def breakdowns(self) -> str:
        """The dimensions by which clicks are told."""
        return ", ".join(sorted(_words(each.value) for each in self.provider.stats_dimensions)) or NONE

    @property
    def bots(self) -> str:
        """Whether the clicks of bots are among all clicks."""
        return _BOTS[self.adapter.bots_excluded] if isinstance(self.adapter, CanReadStats) else NONE

    @property
    def time_zone(self) -> str:
        """The zone of the days."""
        return self.adapter.time_zone or "not told" if isinstance(self.adapter, CanReadStats) else NONE

    @property
    def list_calls(self) -> str:
        """The calls that list all links."""
        costs = self.adapter.call_costs
        if not isinstance(self.adapter, CanListLinks):
            return "no lists"
        lists = "1 list" if costs.lists == 1 else f"{costs.lists} lists"
        return f"{lists}, {costs.page_size:,} a page"

    @property
    def get_calls(self) -> str:
        """The calls that find *n* links by their ids."""
        costs = self.adapter.call_costs
        if Capability.GET_LINK not in self.provider.capabilities:
            return NONE
        each = "*n*" if costs.get_batch == 1 else f"1 per {costs.get_batch:,}"
        return each if not costs.search_calls else f"{each}, and {costs.search_calls}"

    @property
    def stats_calls(self) -> str:
        """The calls for all statistics of one link that was read: parts of one call are joined by "+"."""
        calls: dict[str, list[str]] = {}
        for part in self._parts():
            name = self.adapter.stats_call(part, link_known=True)
            if name is not None:
                calls.setdefault(name, []).append(_part_words(part))
        if not calls:
            return "none" if isinstance(self.adapter, CanReadStats) else NONE
        groups = "; ".join(" + ".join(parts) for parts in calls.values())
        return f"{len(calls)}: {groups}"

    @property
    def life_calls(self) -> str:
        """The calls for `Link.clicks`."""
        if not isinstance(self.adapter, CanReadStats):
            return NONE
        return str(self.adapter.call_costs.life_calls or "none")

    @property
    def links_per_call(self) -> str:
        """The number of links whose clicks one call counts."""
        if not isinstance(self.adapter, CanReadManyStats):
            return "1" if isinstance(self.adapter, CanReadStats) else NONE
        return f"{self.adapter.links_per_call(TOTALS):,}"

    @property
    def write_calls(self) -> str:
        """The calls that create, update and delete a link."""
        costs, offered = self.adapter.call_costs, self.provider.capabilities
        calls = {
            Capability.CREATE_LINK: costs.create,
            Capability.UPDATE_LINK: costs.update,
            Capability.DELETE_LINK: costs.delete,
        }
        if not offered & calls.keys():
            return NONE
        words = ", ".join(str(number) if each in offered else "–" for each, number in calls.items())
        return words if costs.write_batch == 1 else f"{words} per {costs.write_batch:,}"

    def limits_by_plan(self) -> dict[str, str]:
        """The calls that the vendor allows on each plan, as far as documented; "" where plans do not matter."""
        found = {plan: self._limits(plan) for plan in _plans(self.provider)}
        return found if len(set(found.values())) > 1 else {"": next(iter(found.values()))}

    def gaps_by_plan(self) -> dict[str, tuple[str, ...]]:
        """What each plan lacks; plans that lack nothing are left out."""
        found = {plan: self.provider.plan_gaps(_sample(self.provider, plan)) for plan in _plans(self.provider)}
        return {plan: gaps for plan, gaps in found.items() if gaps}

    def _limits(self, plan: str) -> str:
        settings = _sample(self.provider, plan)
        limits = self.provider.rate_limits(settings)
        quotas = [f"{each.calls:,} in {each.days} days" for each in self.provider.call_quotas(settings)]
        if limits or quotas:
            return ", ".join((*_rate_words(limits), *quotas))
        by_operator = "calls_per_minute" in self.provider.settings.model_fields
        return "those of `calls_per_minute`" if by_operator else "none documented"

    def _parts(self) -> Iterable[StatsPart]:
        adapter = self.adapter
        if not isinstance(adapter, CanReadStats):
            return ()
        dimensions = sorted(adapter.stats_dimensions, key=lambda each: each.value)
        parts = (TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, dimensions))
        return tuple(part for part in parts if adapter.tells(part) and (part != SERIES or adapter.tells_days))


def _plans(provider: Provider) -> tuple[str, ...]:
    """The plans that the settings know; "" stands for all where they know none."""
    annotation = provider.settings.model_fields["plan"].annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ("",)


def _sample(provider: Provider, plan: str = "") -> AccountSettings:
    known = provider.sandbox_accounts[0]
    table = {"key": known.key, "provider": provider.id, "base_url": _NOWHERE, **known.options}
    return provider.settings.model_validate({**table, "plan": plan} if plan else table)


def _part_words(part: StatsPart) -> str:
    words = {TOTALS: "totals", BOT_TOTALS: "bots", SERIES: "days"}
    return words.get(part) or _words(part.name)


def _words(name: str) -> str:
    return name.replace("_", " ").lower()


def _rate_words(limits: Iterable[RateLimit]) -> Iterable[str]:
    """The limits; endpoint groups of the same one are named together, unless there is only one group."""
    groups: dict[str, list[str]] = {}
    for limit in limits:
        words = f"{limit.limit:,} {_UNITS.get(limit.seconds, f'in {limit.seconds:g} s')}"
        groups.setdefault(words, []).append(limit.bucket)
    several = len({bucket for buckets in groups.values() for bucket in buckets}) > 1
    return [f"{words} ({', '.join(buckets)})" if several else words for words, buckets in groups.items()]
