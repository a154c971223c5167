"""Reads the domains of the key: each has a number for lists and statistics, and a name for everything else."""

from collections.abc import Sequence
from typing import Final

from linkweave.errors import RejectedError, VendorError
from linkweave.models import Domain
from linkweave.models.host_names import host_key
from linkweave.providers.base import Adapter
from linkweave.providers.paging import MAX_PAGES
from linkweave.providers.shortio.settings import LIST, ShortioSettings
from linkweave.providers.shortio.wire import DomainAnswer, DomainRow, DomainsAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_PAGE_SIZE: Final = 300
_PATH: Final = "/api/domains"
_CHECK: Final = "check the account"


class AccountReader(Adapter):
    """LIST_DOMAINS."""

    settings: ShortioSettings

    async def probe(self) -> tuple[str, ...]:
        """Read the domains, which needs the key.

        Raises:
            VendorError: the account cannot be used.
        """
        rows = await self._fetch_domains(_CHECK, reads=None)
        known = {row.name for row in rows}
        missing = [name for name in self.settings.domains if host_key(name) not in known]
        if missing:
            return (f"domains: the API key may not use {', '.join(missing)}",)
        return await self._check_plan(rows[0].id) if rows else ("domains: the API key may not use any domain",)

    async def list_domains(self) -> tuple[Domain, ...]:
        """The domains of the account. The first one is that of links that name none."""
        rows = await self.own_domains("list domains")
        return tuple(row.to_domain(is_default=at == 0) for at, row in enumerate(rows))

    async def own_domains(self, operation: str) -> Sequence[DomainRow]:
        """The domains in the settings that the key may use, in their order; without settings, all that it may use.

        Those that work come first.

        Raises:
            VendorError: they could not be read.
        """
        rows = await self._fetch_domains(operation, reads=Resource.DOMAINS)
        by_name = {row.name: row for row in rows}
        if self.settings.domains:
            return [by_name[name] for name in map(host_key, self.settings.domains) if name in by_name]
        return sorted(by_name.values(), key=lambda row: row.state not in {None, "configured"})

    def is_own(self, domain: str | None) -> bool:
        """Whether the settings leave this domain to the account."""
        return not self.settings.domains or (domain or "") in map(host_key, self.settings.domains)

    async def default_domain(self, operation: str) -> str:
        """The domain of a link that names none.

        Raises:
            RejectedError: the key may not use any domain.
            VendorError: the domains could not be read.
        """
        if self.settings.home_domain is not None:
            return self.settings.home_domain
        rows = await self.own_domains(operation)
        if not rows:
            raise self.error(RejectedError, "the API key may not use any domain", operation, field="domain")
        return rows[0].hostname

    async def _check_plan(self, domain: int) -> tuple[str, ...]:
        """Compare the plan with that of the settings, if they have one. The list of domains does not tell it (DOC)."""
        own = self.settings.plan
        if own is None:
            return ()
        try:
            answer, _ = await self.fetch(DomainAnswer, Call(_CHECK, "GET", f"/domains/{domain}", bucket=LIST))
        except VendorError:
            return ()
        told = (answer.user_plan or own).lower()
        return () if told == own else (f"plan is {own!r} in the configuration, but {told!r} at Short.io",)

    async def _fetch_domains(self, operation: str, *, reads: Resource | None) -> Sequence[DomainRow]:
        rows: list[DomainRow] = []
        for number in range(MAX_PAGES):
            query = (("limit", str(_PAGE_SIZE)), ("offset", str(number * _PAGE_SIZE)))
            call = Call(operation, "GET", _PATH, query, bucket=LIST, reads=reads)
            answer, _ = await self.fetch(DomainsAnswer, call)
            rows += answer.rows
            if answer.row_count < _PAGE_SIZE:
                return rows
        raise self.bad_response(call, "the list has no end")
