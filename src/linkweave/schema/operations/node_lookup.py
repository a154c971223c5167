"""Looks up objects by their global IDs, for `node` and `nodes`."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave import models
from linkweave.errors import LinkweaveError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery, ListPosition
from linkweave.gather.listing.tags_and_domains import find_tag
from linkweave.gather.writing.uploads import find_upload
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.schema.context import Info, selected_fields
from linkweave.schema.global_ids import NodeId, decode_id
from linkweave.schema.operations.copying import find_job_node, find_plan_node
from linkweave.schema.types.account import Account
from linkweave.schema.types.copy_plan import CopyPlan
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.job import Job
from linkweave.schema.types.link import Link
from linkweave.schema.types.node import Node
from linkweave.schema.types.nullable import none_if_unsupported
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker
from linkweave.schema.types.upload import Upload
from linkweave.schema.types.webhook import find_webhook

FindNode: TypeAlias = Callable[[Info, AccountLoaders, tuple[str, ...]], Awaitable[Node | None]]


async def find_node(info: Info, node_id: str, field: str) -> Node | None:
    """Returns the object with this ID, or None if the caller has no such object.

    Raises:
        InvalidInputError: It is no ID of this API.
        VendorError: The call to the vendor failed.
    """
    node = decode_id(node_id, field)
    if node.kind == "Tag":
        return await _tag(info, node.parts[0])
    loaders = info.context.session.accounts.get(node.parts[0])
    find = _FINDERS.get(node.kind)
    if loaders is None or find is None:
        return None
    return await none_if_unsupported(find(info, loaders, node.parts[1:]))


async def find_node_or_error(info: Info, node_id: str, field: str) -> Node | LinkweaveError | None:
    """Works as `find_node`, but returns an error. In a list it then stands at the index of its ID."""
    try:
        return await find_node(info, node_id, field)
    except LinkweaveError as error:
        return error


async def find_link(info: Info, node: NodeId) -> Link | None:
    """Returns the link with this ID, or None if the caller has no such link."""
    loaders = info.context.session.accounts.get(node.parts[0])
    return None if loaders is None else await none_if_unsupported(_link(info, loaders, node.parts[1:]))


async def _link(info: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Link | None:
    link = await loaders.link(parts[0], selected_fields(info))
    return None if link is None else Link.of(loaders, link)


async def _account(_: Info, loaders: AccountLoaders, __: tuple[str, ...]) -> Account:
    return Account.of(loaders)


async def _domain(_: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Domain | None:
    if parts[0] in loaders.account.settings.domains:
        return Domain.of(loaders, parts[0])
    known = any(domain.name == parts[0] for domain in await loaders.domains())
    return Domain.of(loaders, parts[0]) if known else None


async def _team(_: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Team | None:
    known = any(team.id == parts[0] for team in await loaders.teams())
    return Team.of(loaders, parts[0]) if known else None


async def _campaign(_: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Campaign | None:
    campaigns = await loaders.campaigns(None)
    return next((Campaign.of(loaders, each.id, each) for each in campaigns if each.id == parts[0]), None)


async def _tracker(_: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Tracker | None:
    scope, owner, tracker_id = parts
    listed: Mapping[str, Callable[[], Awaitable[tuple[models.Tracker, ...]]]] = {
        models.TrackerScope.CATALOG.value: loaders.trackers,
        models.TrackerScope.TEAM.value: lambda: loaders.team_trackers(owner),
        models.TrackerScope.LINK.value: lambda: loaders.link_trackers(owner),
    }
    found = await listed[scope]() if scope in listed else ()
    return next((Tracker.of(loaders, owner, each) for each in found if each.id == tracker_id), None)


async def _upload(info: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Upload | None:
    known = await find_upload(loaders.key, parts[0], info.context.session.records.store)
    return None if known is None else Upload.of(loaders, known)


async def _webhook(_: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Node | None:
    return await find_webhook(loaders, parts[0])


async def _job(info: Info, _: AccountLoaders, parts: tuple[str, ...]) -> Job | None:
    return await find_job_node(info, parts[0])


async def _copy_plan(info: Info, _: AccountLoaders, parts: tuple[str, ...]) -> CopyPlan | None:
    return await find_plan_node(info, parts[0])


async def _tag(info: Info, name: str) -> Tag | None:
    """Looks for the tag in the accounts' lists of tags, and then in the links of accounts without such a list."""
    accounts = tuple(info.context.session.accounts.values())
    listed = await find_tag(accounts, name)
    if listed is not None:
        return Tag.of(listed.name, listed.accounts)
    without_tag_list = [
        loaders
        for loaders in accounts
        if isinstance(loaders.account.adapter, CanListLinks)
        and models.Capability.LIST_TAGS not in loaders.account.provider.capabilities
    ]
    query = LinkQuery(tuple(AccountQuery(loaders, models.LinkFilter(tags_any=(name,))) for loaders in without_tag_list))
    page = await list_links(query, 1, ListPosition())
    for edge in page.edges:
        name_in_link = next(tag for tag in edge.link.tags if tag.casefold() == name.casefold())
        return Tag.of(name_in_link, (edge.loaders,))
    return None


_FINDERS: Final[Mapping[str, FindNode]] = MappingProxyType(
    {
        "Account": _account,
        "Campaign": _campaign,
        "CopyPlan": _copy_plan,
        "Domain": _domain,
        "Job": _job,
        "Link": _link,
        "Team": _team,
        "Tracker": _tracker,
        "Upload": _upload,
        "Webhook": _webhook,
    },
)
