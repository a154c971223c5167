"""Speaks Cutt.ly's Team API: one URL, and one call that tells of a link and of its clicks at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from linkweave.errors import NotFoundError, PlanRequiredError, VendorError
from linkweave.models import Link, Period, StatsPart, StatsReport
from linkweave.models.changes import InputProblem, LinkPatch, NewLink, WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.cuttly import creating, updating
from linkweave.providers.cuttly.handles import handle_for, is_handle, split
from linkweave.providers.cuttly.refusals import (
    EDIT_STATUSES,
    PLAN_LACKS_IT,
    regular_refusal,
    status_of,
    unwrapped,
)
from linkweave.providers.cuttly.settings import CUTTLY_DOMAIN
from linkweave.providers.cuttly.statistics import DIMENSIONS, MEASURES, report
from linkweave.providers.cuttly.wire import LinkStats, ShortenedLink, StatsAnswer, StatusAnswer
from linkweave.providers.read_capabilities import CanGetLinks, CanReadStats
from linkweave.providers.single_reads import get_singly
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks, UpdateStep
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.cache.parsed_content import Parser
from linkweave.transport.call import Call, Pairs
from linkweave.transport.lifetimes import Resource
from linkweave.transport.refusal import Refusal

PATH: Final = "/team/API/index.php"
BUCKET: Final = "api"

# The gateway's own default range: the last 30 days, today included.
_DEFAULT_DAYS: Final = 30
_ABSENT: Final = 0
_NO_LINK: Final = "linkweave-account-check"
_PRESENT: Final = 1
_DONE: Final = 1
_INVALID_URL: Final = 4


class CuttlyAdapter(Adapter, CanGetLinks, CanReadStats, CanCreateLinks, CanUpdateLinks, CanDeleteLinks):
    """Links by their short URL. The Team API has no list of links, so this account never lists any."""

    # An update has a step for each of nine fields, one of which is four calls.
    call_costs = CallCosts(update=12)
    stats_dimensions = DIMENSIONS
    measures = MEASURES
    creatable = creating.CREATABLE
    updatable = updating.UPDATABLE
    clearable = updating.CLEARABLE

    async def get_links(
        self,
        handles: Sequence[str],
        fields: frozenset[str],  # noqa: ARG002 - one call tells all fields
    ) -> Mapping[str, Link | VendorError]:
        """The links that exist, one call each, at the same time; each brings its clicks of the last 30 days."""
        return await get_singly([handle for handle in handles if is_handle(handle)], self._read_link)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link behind https://`domain`/`slug`; nothing is asked about domains that the settings do not name."""
        handle = handle_for(domain, slug)
        if handle is None or split(handle)[0] not in self.settings.domains:
            return None
        found = (await self.get_links([handle], fields)).get(handle)
        if isinstance(found, VendorError):
            raise found
        return found

    async def probe(self) -> tuple[str, ...]:
        """Ask for a link that does not exist: the key is checked first.

        Raises:
            VendorError: the account cannot be used.
        """
        await self._ask_stats("check the account", f"{CUTTLY_DOMAIN}/{_NO_LINK}", None, None)
        return ()

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """Clicks of one link: those that came with `link` where they are of `period`, else one call.

        Raises:
            NotFoundError: the vendor does not know the link.
            PlanRequiredError: the subscription does not include statistics of a period.
            VendorError: no good answer came.
        """
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        answer = (
            await self._ask_stats("read statistics", handle, period, Resource.STATISTICS) if is_handle(handle) else None
        )
        if answer is None:
            raise self._unknown("read statistics")
        stats, fetched = answer
        return report(stats, period, fetched.at)

    def known_stats(self, link: Link, period: Period, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - one call tells all parts
        """The clicks that came with `link`, where they are of `period`."""
        return link.included if link.included is not None and link.included.covered == period else None

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """A header for Indian SMS without a domain, or with one that has its own."""
        return tuple(creating.objections(new))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Make one link, with one call.

        Raises:
            ConflictError: the alias is taken.
            AmbiguousError: it may have been made.
            VendorError: it was not made.
        """
        call = Call("create link", "GET", PATH, creating.shorten_query(new), bucket=BUCKET, writes=True)
        fetched = await self.client.fetch(call)
        self._refuse_regular(fetched.data, call)
        made = creating.written(self.parse(ShortenedLink, unwrapped(fetched.data), call), new, fetched.at)
        if made is None:
            raise self.bad_response(call, "shortLink is none that can be found again")
        return made

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """Several tags, unknown platforms, more than two variants, and expiries that the vendor has no words for."""
        return tuple(updating.objections(patch))

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One step a field: title, tag, destination, unique clicks, mobiles, A/B, expiry, password, alias.

        A step for mobiles makes a call for each of the four; when one of them fails, those before it were made.
        """
        return tuple(
            UpdateStep(frozenset({name}), partial(self._change, name, calls)) for name, calls in updating.edits(patch)
        )

    async def delete_link(self, handle: str) -> None:
        """Delete a link, with one call.

        Raises:
            NotFoundError: the vendor does not know the link.
            AmbiguousError: it may have been deleted.
            VendorError: it was not deleted.
        """
        await self._edit("delete link", handle, updating.DELETE)

    async def _change(self, name: str, calls: Sequence[updating.Edit], handle: str) -> str:
        for edit in calls:
            await self._edit("update link", handle, edit, name)
            if name == "slug":
                handle = updating.renamed(handle, edit.value)
        return handle

    async def _edit(self, operation: str, handle: str, edit: updating.Edit, name: str | None = None) -> None:
        """One group of parameters for one link; `name` is the field that it is about."""
        if not is_handle(handle):
            raise self._unknown(operation)
        call = Call(
            operation,
            "GET" if edit.form is None else "POST",
            PATH,
            edit.query(f"https://{handle}"),
            form=edit.form,
            multipart=edit.form is not None,
            bucket=BUCKET,
            writes=True,
        )
        status = status_of((await self.client.fetch(call)).data)
        if status is None or status not in {_DONE, *EDIT_STATUSES}:
            raise self.bad_response(call, "status is none that the vendor documents")
        if status != _DONE:
            refusal = EDIT_STATUSES[status]
            raise self._refused(replace(refusal, field=name) if status == _INVALID_URL else refusal, call)

    def _unknown(self, operation: str) -> NotFoundError:
        return NotFoundError(
            f"{self.account}: does not know this link ({operation})", account=self.account, operation=operation
        )

    async def _read_link(self, handle: str) -> Link | None:
        today = self.today()
        period: Period | None = Period(today - timedelta(days=_DEFAULT_DAYS - 1), today)
        try:
            answer = await self._ask_stats("get link", handle, period, Resource.LINK)
        except PlanRequiredError as error:
            if error.provider_code != PLAN_LACKS_IT:
                raise
            period = None
            answer = await self._ask_stats("get link", handle, period, Resource.LINK)
        if answer is None:
            return None
        stats, fetched = answer
        domain, slug = split(handle)
        return Link(
            handle=handle,
            short_url=stats.short_link,
            slug=slug,
            domain=domain,
            destination=stats.full_link,
            title=stats.title or None,
            fetched_at=fetched.at,
            included=report(stats, period, fetched.at),
        )

    async def _ask_stats(
        self, operation: str, handle: str, period: Period | None, reads: Resource | None
    ) -> tuple[LinkStats, FetchedAnswer] | None:
        """The vendor's answer about one link, None where it knows no such link; asked anew without `reads`."""
        dates: Pairs = ()
        if period is not None:
            dates = (("date_from", period.start.isoformat()), ("date_to", period.end.isoformat()))
        query = (("action", "stats"), ("url", f"https://{handle}"), *dates)
        call = Call(operation, "GET", PATH, query, bucket=BUCKET, reads=reads, found=_found)
        reading = Parser(LinkStats, lambda data, _: self._stats_of(data, call))
        fetched = await self.client.fetch(call, reading)
        stats = fetched.read(reading)
        return None if stats is None else (stats, fetched)

    def _stats_of(self, data: object, call: Call) -> LinkStats | None:
        """The link in an answer, None where the vendor knows no such link."""
        self._refuse_regular(data, call)
        status = self.parse(StatusAnswer, data, call).stats.status
        if status == _ABSENT:
            return None
        if status != _PRESENT:
            raise self.bad_response(call, "stats.status is none that the vendor documents")
        return self.parse(StatsAnswer, data, call).stats

    def _refuse_regular(self, data: object, call: Call) -> None:
        """Raise what a status of the Regular API means: of all actions, only an edit answers with other ones."""
        refusal = None if isinstance(data, dict) and "stats" in data else regular_refusal(data)
        if refusal is not None:
            raise self._refused(refusal, call)

    def _refused(self, refusal: Refusal, call: Call) -> VendorError:
        return refusal.kind(
            f"{self.account}: {refusal.message} ({call.operation})",
            account=self.account,
            operation=call.operation,
            provider_code=refusal.provider_code,
            field=refusal.field,
        )


def _found(data: object) -> bool:
    return StatusAnswer.model_validate(data).stats.status != _ABSENT
