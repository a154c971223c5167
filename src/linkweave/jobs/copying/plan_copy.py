"""Makes the plan of a copy, and stores it. Writes nothing at a vendor."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from linkweave.accounts import Account
from linkweave.catalog.jobs.copy_plans import CopyOptions, CopyPlan, PlanRow
from linkweave.errors import InvalidChoiceError, InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import require_capability, unsupported_capability
from linkweave.jobs.copying.account_links import read_links
from linkweave.jobs.copying.plan_rows import TargetFacts, plan_rows
from linkweave.models import Capability, LinkFilter
from linkweave.models.host_names import host_key
from linkweave.providers.read_capabilities import CanListDomains, CanReportUsage
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.catalog import Catalog

PLAN_LIFE: Final = timedelta(days=1)
CLICKS_STAY: Final = "clicks do not move: the copies begin at zero, and the links of the source stay as they are"
MAX_ROWS: Final = 10_000
# Maximum number of the target's links that slugs and destinations are compared with.
MAX_COMPARED: Final = 100_000


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The copy that `client` wants a plan of."""

    client: str
    source: AccountLoaders
    target: AccountLoaders
    wanted: LinkFilter
    options: CopyOptions


async def plan_copy(request: PlanRequest, catalog: "Catalog") -> CopyPlan:
    """Returns the stored plan. The copies that it says are READY can be started for a day.

    Raises:
        InvalidInputError: the accounts are the same, or more links match than one plan can have.
        VendorError: the source cannot be read, or the target cannot create links.
        CatalogUnavailableError: the database cannot be used.
    """
    source, target = request.source, request.target
    if source.key == target.key:
        raise InvalidInputError("to", "must be another account than from")
    if not isinstance(target.account.adapter, CanCreateLinks):
        raise unsupported_capability(target.account, Capability.CREATE_LINK)
    links, (facts, notices) = await asyncio.gather(
        read_links(source, request.wanted, catalog.reads, MAX_ROWS), _read_target(request, catalog)
    )
    if len(links.links) > MAX_ROWS:
        raise InvalidInputError(
            "filter", f"selects more than {MAX_ROWS} links; copy them in parts, by tag or by time of creation"
        )
    # Oldest first, so that the copies are in the order of the links.
    rows = plan_rows(reversed(links.links), request.options, facts)
    told = tuple(notice for notice in (CLICKS_STAY, links.notice, *notices) if notice is not None)
    plan = _plan(request, rows, told, catalog)
    await catalog.copy_plans.save(plan, rows)
    return plan


def _plan(request: PlanRequest, rows: list[PlanRow], notices: tuple[str, ...], catalog: "Catalog") -> CopyPlan:
    account, now = request.target.account, catalog.clock.now()
    costs = account.adapter.call_costs
    calls = costs.to_write(sum(row.target is not None for row in rows), costs.create) + _update_calls(account, rows)
    return CopyPlan(
        id=token_hex(16),
        client=request.client,
        source_account=request.source.key,
        target_account=request.target.key,
        options=request.options,
        calls=calls,
        seconds=_seconds(account, calls),
        notices=notices,
        made_at=now,
        expires_at=now + PLAN_LIFE,
    )


def _update_calls(account: Account, rows: list[PlanRow]) -> int:
    adapter = account.adapter
    if not isinstance(adapter, CanUpdateLinks):
        return 0
    return sum(len(adapter.plan_update(row.patch)) for row in rows if row.patch is not None)


def _seconds(account: Account, calls: int) -> int | None:
    """Returns the seconds that the slowest of the vendor's limits takes for `calls`; None without a limit."""
    rates = [window.rate for window in account.windows]
    if not rates:
        return None
    return max(ceil(max(0, calls - rate.limit) / rate.limit * rate.seconds) for rate in rates)


async def _read_target(request: PlanRequest, catalog: "Catalog") -> tuple[TargetFacts, tuple[str | None, ...]]:
    """Returns what is known of the target, and what could not be read of it.

    Raises:
        InvalidInputError: the vendor cannot choose a domain.
        VendorError: the target's domains could not be read.
    """
    target = request.target
    notices: list[str | None] = []
    try:
        known = await read_links(target, LinkFilter(), catalog.reads, MAX_COMPARED)
        links, notice = known.links, known.notice
    except VendorError as error:
        links, notice = (), f"taken slugs and existing links were not looked for: {error.message}"
    notices.append(notice)
    domains = None if request.options.domain is None else await _domains(target)
    notices.append(await _check_domain(target, request.options.domain))
    left = None
    try:
        left = await _links_left(target)
    except VendorError as error:
        notices.append(f"how many links {target.key} may still create is not known: {error.message}")
    return TargetFacts(target.account, links, domains, left), tuple(notices)


async def _check_domain(target: AccountLoaders, domain: str | None) -> str | None:
    """Returns what could not be found out. A domain that does not exist is told in each row.

    Raises:
        InvalidInputError: the vendor cannot choose a domain.
    """
    try:
        await require_capability(target.account, CanCreateLinks).check_domain(domain)
    except InvalidChoiceError as error:
        if domain is not None:
            return None if error.field == "domain" else error.message
        named = ", ".join(sorted(await _domains(target) or ())) or "none"
        raise InvalidInputError("domain", f"must be named for {target.key}, whose domains are: {named}") from None
    except VendorError as error:
        return f"whether {target.key} can create the links was not found out: {error.message}"
    return None


async def _domains(target: AccountLoaders) -> frozenset[str] | None:
    """Returns the domains of the target; None where its vendor cannot list them and the settings name none.

    Raises:
        VendorError: they could not be read.
    """
    named = frozenset(map(host_key, target.account.settings.domains))
    if not isinstance(target.account.adapter, CanListDomains):
        return named or None
    return named | {host_key(domain.name) for domain in await target.domains()}


async def _links_left(target: AccountLoaders) -> int | None:
    if not isinstance(target.account.adapter, CanReportUsage):
        return None
    quotas = (await target.usage()).quotas
    left = [quota.remaining for quota in quotas if quota.name.startswith("links") and quota.remaining is not None]
    return min(left, default=None)
