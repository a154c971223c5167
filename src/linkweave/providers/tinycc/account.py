"""Reads what an account has besides links: tags, domains, webhooks, and its plan with its counters."""

from typing import Final

from linkweave.models import AccountUsage, Domain, Page, Webhook
from linkweave.providers.base import Adapter
from linkweave.providers.paging import next_offset
from linkweave.providers.tinycc.account_wire import AccountAnswer, DomainsAnswer, TagsAnswer, WebhooksAnswer
from linkweave.providers.tinycc.settings import TinyccSettings
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_MAX_WEBHOOKS: Final = 1_000


class AccountReader(Adapter):
    """LIST_TAGS, LIST_DOMAINS, LIST_WEBHOOKS and ACCOUNT_USAGE."""

    settings: TinyccSettings

    async def list_tags(self) -> tuple[str, ...]:
        """Every label, as the vendor spells it."""
        answer, _ = await self.fetch(TagsAnswer, Call("list tags", "GET", "/tags", reads=Resource.TAGS))
        return tuple(entry.label for entry in answer.tags)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Every domain, in the vendor's order and in ASCII form."""
        return self.to_domains(await self.fetch_domains())

    async def fetch_domains(self) -> DomainsAnswer:
        """GET /domains."""
        answer, _ = await self.fetch(DomainsAnswer, Call("list domains", "GET", "/domains", reads=Resource.DOMAINS))
        return answer

    def to_domains(self, answer: DomainsAnswer) -> tuple[Domain, ...]:
        """The domains of an answer, each once."""
        domains = (entry.to_domain(self.settings.domain) for entry in answer.domains)
        return tuple({domain.name: domain for domain in domains}.values())

    async def list_webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        """At most `limit` webhooks; the token is the offset."""
        size = min(limit, _MAX_WEBHOOKS)
        paging = (("offset", str(offset)), ("limit", str(size)))
        call = Call("list webhooks", "GET", "/webhooks", paging, reads=Resource.WEBHOOKS)
        answer, fetched = await self.fetch(WebhooksAnswer, call)
        webhooks = tuple(entry.to_webhook() for entry in answer.webhooks[:size])
        rows = len(webhooks) + answer.left_out.row_count
        following = next_offset(offset, rows, answer.total)
        return Page(webhooks, fetched.at, following, left_out=answer.left_out)

    async def usage(self) -> AccountUsage:
        """Plan and counters, whichever the server keeps."""
        answer, fetched = await self.fetch(AccountAnswer, Call("read account", "GET", "/account", reads=Resource.USAGE))
        return answer.account.to_usage(fetched.at)

    async def probe(self) -> tuple[str, ...]:
        """Read the account, which costs one of the day's calls.

        Raises:
            VendorError: the account cannot be used.
        """
        await self.usage()
        return ()
