"""`node` and `nodes`: every id that this API gave finds its object again, or null when it is gone."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave import models
from linkweave.errors import LinkweaveError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import AccountQuery, LinkQuery, ListPosition, list_links
from linkweave.gather.listing.tags_and_domains import find_tag
from linkweave.gather.writing.uploads import find_upload
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.schema.context import Info, selected
from linkweave.schema.global_ids import NodeId, decode_id
from linkweave.schema.types.account import Account
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.link import Link
from linkweave.schema.types.node import Node
from linkweave.schema.types.nullable import none_if_unsupported
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker
from linkweave.schema.types.upload import Upload
from linkweave.schema.types.webhook import find_webhook

Find: TypeAlias = Callable[[Info, AccountLoaders, tuple[str, ...]], Awaitable[Node | None]]


async def find_node(info: Info, given: str, field: str) -> Node | None:
    """The object behind `given`; None where the caller has no such thing.

    Raises:
        InvalidInputError: it is no id of this API.
        VendorError: the provider could not be asked.
    """
    node_id = decode_id(given, field)
    if node_id.kind == "Tag":
        return await _tag(info, node_id.parts[0])
    loaders = info.context.session.accounts.get(node_id.parts[0])
    find = _FINDERS.get(node_id.kind)
    if loaders is None or find is None:
        return None
    return await none_if_unsupported(find(info, loaders, node_id.parts[1:]))


async def find_node_or_error(info: Info, given: str, field: str) -> Node | LinkweaveError | None:
    """As `find_node`, but a failure is given back, so that it is told at its own place in a list."""
    try:
        return await find_node(info, given, field)
    except LinkweaveError as error:
        return error


async def find_link(info: Info, node_id: NodeId) -> Link | None:
    """The link that `node_id` names."""
    loaders = info.context.session.accounts.get(node_id.parts[0])
    return None if loaders is None else await none_if_unsupported(_link(info, loaders, node_id.parts[1:]))


async def _link(info: Info, loaders: AccountLoaders, parts: tuple[str, ...]) -> Link | None:
    link = await loaders.link(parts[0], selected(info))
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


async def _tag(info: Info, name: str) -> Tag | None:
    """A tag that some account lists, or else that some link of an account without tag lists has."""
    accounts = tuple(info.context.session.accounts.values())
    listed = await find_tag(accounts, name)
    if listed is not None:
        return Tag.of(listed.name, listed.accounts)
    silent = [
        loaders
        for loaders in accounts
        if isinstance(loaders.account.adapter, CanListLinks)
        and models.Capability.LIST_TAGS not in loaders.account.provider.capabilities
    ]
    query = LinkQuery(tuple(AccountQuery(loaders, models.LinkFilter(tags_any=(name,))) for loaders in silent))
    page = await list_links(query, 1, ListPosition())
    for edge in page.edges:
        spelled = next(tag for tag in edge.link.tags if tag.casefold() == name.casefold())
        return Tag.of(spelled, (edge.loaders,))
    return None


_FINDERS: Final[Mapping[str, Find]] = MappingProxyType(
    {
        "Account": _account,
        "Campaign": _campaign,
        "Domain": _domain,
        "Link": _link,
        "Team": _team,
        "Tracker": _tracker,
        "Upload": _upload,
        "Webhook": _webhook,
    },
)
