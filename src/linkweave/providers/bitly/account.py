"""Reads what a group has besides links: its domains and tags, and the plan and counters of its organization."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from linkweave.errors import NotFoundError
from linkweave.models import AccountUsage, Domain, DomainKind
from linkweave.providers.base import Adapter
from linkweave.providers.bitly.account_wire import (
    DomainsAnswer,
    GroupRow,
    GroupsAnswer,
    OrganizationRow,
    OrganizationsAnswer,
    PlanLimitsAnswer,
    PlatformLimitsAnswer,
    TagsAnswer,
    UserAnswer,
)
from linkweave.providers.bitly.refusals import classify_of_a_link, classify_of_the_user
from linkweave.providers.bitly.settings import SHARED_DOMAIN, BitlySettings
from linkweave.providers.wire import TolerantWire
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_CHECK: Final = "check the account"
_USAGE: Final = "read usage"
_DOMAINS: Final = "list domains"
_FORBIDDEN: Final = "FORBIDDEN"
"""The code of a refusal that may concern the link or the token."""

Model = TypeVar("Model", bound=TolerantWire)
T = TypeVar("T")


class AccountReader(Adapter):
    """LIST_TAGS, LIST_DOMAINS and ACCOUNT_USAGE."""

    settings: BitlySettings

    async def probe(self) -> tuple[str, ...]:
        """Read the user's groups and organizations, and compare them with the configuration.

        Raises:
            VendorError: the account cannot be used.
        """
        own = await self.own_group(_CHECK)
        if own is None and self.settings.group is not None:
            return (f"group is {self.settings.group!r} in the configuration, but the token is not for this group",)
        organization = await self._organization(own, _CHECK)
        if organization is None or organization.plan is None or organization.may_be(self.settings.plan):
            return ()
        return (f"plan is {self.settings.plan!r} in the configuration, but {organization.plan.name!r} at Bitly",)

    async def group(self, operation: str) -> str:
        """The id of the group: that of the settings, else the user's default.

        Raises:
            VendorError: it could not be read.
        """
        if self.settings.group is not None:
            return self.settings.group
        call = Call(operation, "GET", "/user", reads=Resource.TEAMS, classify=classify_of_the_user)
        return (await self.fetch(UserAnswer, call))[0].default_group_guid

    async def group_path(self, operation: str, end: str) -> str:
        """The path of something that the group has.

        Raises:
            VendorError: the group could not be read.
        """
        return f"{self.path_to('/groups', await self.group(operation), operation, 'group')}{end}"

    async def list_tags(self) -> tuple[str, ...]:
        """The tags that the group's links have."""
        operation = "list tags"
        call = Call(operation, "GET", await self.group_path(operation, "/tags"), reads=Resource.TAGS)
        answer, _ = await self.fetch(TagsAnswer, call)
        return tuple(dict.fromkeys(answer.tags))

    async def list_domains(self) -> tuple[Domain, ...]:
        """The custom domains of the group, and bit.ly, which every group may use."""
        own = await self.own_group(_DOMAINS)
        names = None if own is None else own.bsds
        if names is None:
            call = Call(_DOMAINS, "GET", "/bsds", reads=Resource.DOMAINS, classify=classify_of_the_user)
            names = (await self.fetch(DomainsAnswer, call))[0].bsds
        custom = dict.fromkeys(name.lower() for name in names if name.lower() != SHARED_DOMAIN)
        shared = Domain(SHARED_DOMAIN, DomainKind.SHARED, is_default=True)
        return (*(Domain(name, DomainKind.BRANDED, is_default=False) for name in custom), shared)

    async def usage(self) -> AccountUsage:
        """The plan, its counters of the month, and the calls of this hour by endpoint."""
        organization = await self._organization(await self.own_group(_USAGE), _USAGE)
        hour = Call(_USAGE, "GET", "/user/platform_limits", reads=Resource.USAGE, classify=classify_of_the_user)
        calls = await self._quotas(PlatformLimitsAnswer, hour, PlatformLimitsAnswer.to_quotas)
        if organization is None:
            return AccountUsage(quotas=calls)
        path = f"{self.path_to('/organizations', organization.guid, _USAGE, 'organization')}/plan_limits"
        month = Call(_USAGE, "GET", path, reads=Resource.USAGE)
        counters = await self._quotas(PlanLimitsAnswer, month, PlanLimitsAnswer.to_quotas)
        return AccountUsage(organization.plan, (*counters, *calls))

    async def fetch_of_link(self, model: type[Model], call: Call) -> tuple[Model, FetchedAnswer]:
        """Make a call that names a link. Bitly answers 403 for links of others, and for a dead token as well.

        Raises:
            NotFoundError: the user has no such link.
            UnauthenticatedError: Bitly does not accept the token.
            VendorError: there was no good answer.
        """
        try:
            return await self.fetch(model, replace(call, classify=classify_of_a_link))
        except NotFoundError as error:
            if error.provider_code in {_FORBIDDEN, None}:
                await self.fetch(UserAnswer, Call(call.operation, "GET", "/user", classify=classify_of_the_user))
            raise

    async def own_group(self, operation: str) -> GroupRow | None:
        """The row of the group; None where the user has no such group."""
        call = Call(operation, "GET", "/groups", reads=Resource.TEAMS, classify=classify_of_the_user)
        answer, _ = await self.fetch(GroupsAnswer, call)
        if self.settings.group is None and len(answer.groups) == 1:
            return answer.groups[0]
        own = await self.group(operation)
        return next((row for row in answer.groups if row.guid == own), None)

    async def _organization(self, group: GroupRow | None, operation: str) -> OrganizationRow | None:
        call = Call(operation, "GET", "/organizations", reads=Resource.TEAMS, classify=classify_of_the_user)
        answer, _ = await self.fetch(OrganizationsAnswer, call)
        own = None if group is None else group.organization_guid
        return next((row for row in answer.organizations if row.guid == own), None)

    async def _quotas(self, model: type[Model], call: Call, read: Callable[[Model, datetime], T]) -> T:
        answer, fetched = await self.fetch(model, call)
        return read(answer, fetched.at)
