"""Speaks tiny.cc's REST API v3 for one account."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from linkweave.errors import VendorError
from linkweave.models import (
    SERIES,
    TOTALS,
    AccountUsage,
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
from linkweave.models.changes import UNSET, InputProblem, LinkPatch, NewLink, NewWebhook, WebhookPatch, WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.call_costs import CallCosts, totals_with_link
from linkweave.providers.read_capabilities import (
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
from linkweave.providers.tinycc import creating, deleting, tags, updating, webhooks, wire
from linkweave.providers.tinycc.batches import or_raise
from linkweave.providers.tinycc.expiry import object_to_expiry
from linkweave.providers.tinycc.fetching import ask_urls, get_group, next_offset
from linkweave.providers.tinycc.handles import GROUP_LIMIT, LinkName, groups
from linkweave.providers.tinycc.links import MEASURES, to_domain, to_usage, to_webhook
from linkweave.providers.tinycc.listing import TagChoice, names_tags, plan_by_domain, plan_by_tags, plan_nothing
from linkweave.providers.tinycc.settings import TinyccSettings
from linkweave.providers.tinycc.statistics import ask_stats
from linkweave.providers.write_capabilities import (
    CanCreateLinksTogether,
    CanDeleteLinksTogether,
    CanResetStats,
    CanUpdateLinksTogether,
    CanWriteTags,
    CanWriteWebhooks,
    UpdateStep,
)
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

# Always sent: what a call without it gives differs from host to host (FOUND[T8]).
PAGE_SIZE: Final = 1_000
_TYPICAL_DOMAINS: Final = 4


class TinyccAdapter(
    Adapter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanListDomains,
    CanListWebhooks,
    CanReportUsage,
    CanCreateLinksTogether,
    CanUpdateLinksTogether,
    CanDeleteLinksTogether,
    CanResetStats,
    CanWriteTags,
    CanWriteWebhooks,
):
    """Links, tags, domains, webhooks and counters of one account over all of its domains."""

    settings: TinyccSettings
    time_zone: ClassVar[str | None] = "UTC"
    # Links are listed and written by domain. Their number is unknown before the first call. A delete is two calls.
    call_costs: ClassVar[CallCosts] = CallCosts(
        page_size=PAGE_SIZE,
        lists=_TYPICAL_DOMAINS,
        get_batch=GROUP_LIMIT,
        search_calls=_TYPICAL_DOMAINS - 1,
        stats_call=totals_with_link,
        delete=2,
        write_batch=GROUP_LIMIT,
    )
    link_order: ClassVar[LinkOrder] = LinkOrder.AS_LISTED
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = MEASURES
    searches_destinations: ClassVar[bool] = True
    creatable: ClassVar[frozenset[str]] = creating.CREATABLE
    finds_existing: ClassVar[bool] = True
    create_batch_size: ClassVar[int] = GROUP_LIMIT
    updatable: ClassVar[frozenset[str]] = updating.UPDATABLE
    clearable: ClassVar[frozenset[str]] = updating.CLEARABLE
    update_batch_size: ClassVar[int] = GROUP_LIMIT

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
        listed, links = await ask_urls(self, "list links", (*lane.query.items(), *paging), Resource.LINK_LIST)
        return replace(links, next=next_offset(offset, len(links.items), listed))

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:  # noqa: ARG002 - one call tells every field
        """The links that exist among `handles`: one call per domain and 1,000 hashes."""
        names = {handle: name for handle in handles if (name := LinkName.parse(handle)) is not None}
        asked = (get_group(self, domain, slugs) for domain, slugs in groups(names.values()))
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
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        if not parts & {TOTALS, SERIES}:
            return StatsReport(MEASURES, self.clock.now())
        try:
            return await ask_stats(self, handle, period)
        except VendorError as error:
            if link is None or link.included is None or TOTALS not in parts:
                raise
            return replace(link.included, failures={SERIES: error})

    def known_stats(self, link: Link, period: Period, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - totals are always of the whole life
        """The totals that came with `link`, where no days are wanted."""
        return None if SERIES in parts else link.included

    async def list_tags(self) -> tuple[str, ...]:
        """Every label, as the vendor spells it."""
        return await tags.ask_tags(self)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Every domain, in the vendor's order and in ASCII form."""
        answer, _ = await self.fetch(
            wire.DomainsAnswer, Call("list domains", "GET", "/domains", reads=Resource.DOMAINS)
        )
        domains = (to_domain(entry, self.settings.domain) for entry in answer.domains)
        return tuple({domain.name: domain for domain in domains}.values())

    async def list_webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        """At most `limit` webhooks; the token is the offset."""
        size = min(limit, PAGE_SIZE)
        paging = (("offset", str(offset)), ("limit", str(size)))
        call = Call("list webhooks", "GET", "/webhooks", paging, reads=Resource.WEBHOOKS)
        answer, fetched = await self.fetch(wire.WebhooksAnswer, call)
        listed = tuple(to_webhook(entry) for entry in answer.webhooks[:size])
        return Page(listed, fetched.at, next_offset(offset, len(listed), answer.page))

    async def probe(self) -> tuple[str, ...]:
        """Read the account, which costs one of the day's calls.

        Raises:
            VendorError: the account cannot be used.
        """
        await self.usage()
        return ()

    async def usage(self) -> AccountUsage:
        """Plan and counters, whichever the server keeps."""
        answer, _ = await self.fetch(wire.AccountAnswer, Call("read account", "GET", "/account", reads=Resource.USAGE))
        return to_usage(answer.account)

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """The parts of an expiry that the vendor has no words for."""
        return object_to_expiry(UNSET if new.expiry is None else new.expiry)

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Make one link, by a batch of one."""
        (result,) = await self.create_links((new,))
        return or_raise(result)

    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Make links: one call for all that go to the same domain, at most 1,000."""
        return await creating.create(self, new, self.settings.domain)

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """The parts of an expiry that the vendor has no words for."""
        return object_to_expiry(patch.expiry)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for everything."""

        async def run(handle: str) -> str:
            (result,) = await self.update_links(((handle, patch),))
            return or_raise(result).link.handle

        return (UpdateStep(patch.given(), run),) if patch.given() else ()

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[WrittenLink | VendorError]:
        """Change links: one call for those of a domain, at most 1,000."""
        return await updating.update(self, patches)

    async def delete_link(self, handle: str) -> None:
        """Delete a link, and look whether it is gone."""
        or_raise((await self.delete_links((handle,)))[handle])

    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links and look which are gone: two calls for 1,000 of a domain."""
        return await deleting.delete(self, handles)

    async def reset_stats(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Forget the clicks of links: one call for 1,000 of a domain."""
        return await deleting.reset(self, handles)

    async def create_tag(self, name: str) -> str:
        """Make a tag, or find the one that is there."""
        return await tags.create(self, name)

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag, also on its links."""
        return await tags.rename(self, name, new_name)

    async def delete_tag(self, name: str) -> None:
        """Delete a tag and take it off its links."""
        await tags.delete(self, name)

    async def create_webhook(self, new: NewWebhook) -> Webhook:
        """Make a webhook on a link, a domain or a tag."""
        return await webhooks.create(self, new)

    async def update_webhook(self, webhook_id: str, patch: WebhookPatch) -> Webhook:
        """Change a webhook; its target stays."""
        return await webhooks.update(self, webhook_id, patch)

    async def delete_webhooks(self, ids: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete webhooks: one call for 1,000."""
        return await webhooks.delete(self, ids)
