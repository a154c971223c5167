"""Speaks tiny.cc's REST API v3 for one account."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final
from urllib.parse import quote

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import (
    SERIES,
    TOTALS,
    AccountUsage,
    DayClicks,
    Dimension,
    Domain,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    StatsPart,
    StatsReport,
    Webhook,
)
from linkweave.providers.base import Adapter
from linkweave.providers.capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListWebhooks,
    CanReadStats,
    CanReportUsage,
    Lane,
    LinkOrder,
    ListPlan,
)
from linkweave.providers.tinycc import wire
from linkweave.providers.tinycc.handles import LinkName, groups
from linkweave.providers.tinycc.inferred import MISSING_DOMAIN_CODE, MISSING_LINK_CODES
from linkweave.providers.tinycc.links import MEASURES, lifetime, to_domain, to_link, to_usage, to_webhook
from linkweave.providers.tinycc.listing import TagChoice, names_tags, plan_by_domain, plan_by_tags, plan_nothing
from linkweave.providers.tinycc.settings import TinyccSettings
from linkweave.transport.call import MEGABYTE, Call, Pairs

# Always sent: what a call without it gives differs from host to host (FOUND[T8]).
PAGE_SIZE: Final = 1_000

# A page of 1,000 links with destinations of 2,048 characters (both DOC), their slashes escaped, and the rest of
# each link: far more than the 1 MB that other answers get.
MAX_PAGE_BYTES: Final = 8 * MEGABYTE


class TinyccAdapter(
    Adapter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanListDomains,
    CanListWebhooks,
    CanReportUsage,
):
    """Reads links, tags, domains, webhooks and counters of one account over all of its domains."""

    settings: TinyccSettings
    time_zone: ClassVar[str | None] = "UTC"
    link_order: ClassVar[LinkOrder] = LinkOrder.AS_LISTED
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = MEASURES

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list per domain, or one for all where tags choose; asks for the account's domains or tags."""
        nothing = plan_nothing(wanted)
        if nothing is not None:
            return nothing
        if names_tags(wanted):
            choice = TagChoice.among(wanted, await self.list_tags())
            if choice is None:
                return ListPlan(())
            expression = choice.expression()
            # The gateway compares domains as they are spelled; a list per domain takes either spelling of one.
            if expression and all(name.isascii() for name in wanted.domains or ()):
                return plan_by_tags(wanted, expression)
        return plan_by_domain(wanted, await self.list_domains(), self.settings.domain)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """Up to 1,000 links of one list; the token is the offset."""
        offset = int(page or 0)
        paging = (("offset", str(offset)), ("limit", str(PAGE_SIZE)))
        answer, links = await self._ask_urls("list links", (*lane.query.items(), *paging))
        return replace(links, next=_next_offset(offset, len(links.items), answer.page))

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:  # noqa: ARG002 - one call tells every field
        """The links that exist among `handles`: one call per domain and 1,000 hashes."""
        names = {handle: name for handle in handles if (name := LinkName.parse(handle)) is not None}
        asked = (self._get_group(domain, slugs) for domain, slugs in groups(names.values()))
        found = {link.handle: link for links in await asyncio.gather(*asked) for link in links}
        return {handle: found[str(name)] for handle, name in names.items() if str(name) in found}

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link of that hash on that domain."""
        name = LinkName.of(domain, slug)
        return None if name is None else (await self.get_links([str(name)], fields)).get(str(name))

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """Totals of the link's whole life, and its days in `period` at hosts that tell days.

        Asks nothing where the link is known and no days are wanted.
        """
        known = None if link is None else link.included
        if not parts & {TOTALS, SERIES}:
            return known or StatsReport(MEASURES, self.clock.now())
        if known is not None and SERIES not in parts:
            return known
        try:
            return await self._ask_stats(handle, period)
        except VendorError as error:
            if known is None or TOTALS not in parts:
                raise
            return replace(known, failures={SERIES: error})

    async def list_tags(self) -> tuple[str, ...]:
        """Every label, as the vendor spells it."""
        answer, _ = await self.ask(wire.TagsAnswer, Call("list tags", "GET", "/tags"))
        return tuple(entry.label for entry in answer.tags)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Every domain, in the vendor's order and in ASCII form."""
        answer, _ = await self.ask(wire.DomainsAnswer, Call("list domains", "GET", "/domains"))
        domains = (to_domain(entry, self.settings.domain) for entry in answer.domains)
        return tuple({domain.name: domain for domain in domains}.values())

    async def list_webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        """At most `limit` webhooks; the token is the offset."""
        size = min(limit, PAGE_SIZE)
        call = Call("list webhooks", "GET", "/webhooks", (("offset", str(offset)), ("limit", str(size))))
        answer, fetched = await self.ask(wire.WebhooksAnswer, call)
        webhooks = tuple(to_webhook(entry) for entry in answer.webhooks[:size])
        return Page(webhooks, fetched.at, _next_offset(offset, len(webhooks), answer.page))

    async def probe(self) -> tuple[str, ...]:
        """Read the account, which costs one of the day's calls.

        Raises:
            VendorError: the account cannot be used.
        """
        await self.usage()
        return ()

    async def usage(self) -> AccountUsage:
        """Plan and counters, whichever the server keeps."""
        answer, _ = await self.ask(wire.AccountAnswer, Call("read account", "GET", "/account"))
        return to_usage(answer.account)

    async def _get_group(self, domain: str, slugs: tuple[str, ...]) -> tuple[Link, ...]:
        query = (("domain", domain), ("hashes", ",".join(slugs)), ("limit", str(len(slugs))))
        try:
            _, links = await self._ask_urls("get links", query)
        except NotFoundError as error:
            return await self._get_parts(domain, slugs, error)
        return links.items

    async def _get_parts(self, domain: str, slugs: tuple[str, ...], error: NotFoundError) -> tuple[Link, ...]:
        """What exists of a group that was refused because something in it does not."""
        if error.provider_code == MISSING_DOMAIN_CODE:
            return ()
        if error.provider_code not in MISSING_LINK_CODES:
            raise error
        if len(slugs) == 1:
            return ()
        middle = len(slugs) // 2
        return await self._get_group(domain, slugs[:middle]) + await self._get_group(domain, slugs[middle:])

    async def _ask_urls(self, operation: str, query: Pairs) -> tuple[wire.UrlsAnswer, Page[Link]]:
        call = Call(operation, "GET", "/urls", query, max_bytes=MAX_PAGE_BYTES)
        answer, fetched = await self.ask(wire.UrlsAnswer, call)
        return answer, Page(tuple(to_link(entry, fetched.at) for entry in answer.urls), fetched.at)

    async def _ask_stats(self, handle: str, period: Period) -> StatsReport:
        operation = "read statistics"
        name = LinkName.parse(handle)
        if name is None:
            raise NotFoundError(f"{self.account}: no such link", account=self.account, operation=operation)
        call = Call(operation, "GET", f"/stats/{quote(name.slug, safe='')}", (("domain", name.domain),))
        answer, fetched = await self.ask(wire.StatsAnswer, call)
        for entry in answer.stats:
            if entry.slug == name.slug:
                report = lifetime(entry.total_clicks, entry.unique_clicks, fetched.at)
                return replace(report, series=_series(entry, period))
        raise self.bad_response(call, "the link's statistics are missing")


def _series(entry: wire.LinkCounts, period: Period) -> tuple[DayClicks, ...] | None:
    if entry.daily_clicks is None:
        return None
    days = sorted(entry.daily_clicks.items())
    return tuple(
        DayClicks(day, counts.total, counts.unique) for day, counts in days if period.start <= day <= period.end
    )


def _next_offset(offset: int, got: int, page: wire.Paging | None) -> str | None:
    """Where the next page starts. An empty page ends every list, whatever total the vendor claims."""
    if not got or (page is not None and offset + got >= page.total_count):
        return None
    return str(offset + got)
