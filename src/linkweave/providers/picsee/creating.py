"""Making a link at PicSee."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from linkweave.models import Link
from linkweave.models.changes import InputProblem, NewLink, WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.fields import (
    preview_fields,
    preview_objections,
    target_objections,
    targets_field,
    utm_field,
)
from linkweave.providers.picsee.links import link_path
from linkweave.providers.picsee.wire import Created, CreatedAnswer
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import Call

CREATABLE: Final = frozenset(
    {
        "destination",
        "slug",
        "domain",
        "title",
        "tags",
        "external_id",
        "utm",
        "device_targets",
        "preview",
        "pixel",
        "tag_manager",
    }
)
# A new link has no other external id and no other tags than it was given.
_TOLD: Final = frozenset({"handle", "short_url", "slug", "domain", "destination", "external_id", "tags"})


def objections(new: NewLink) -> Iterator[InputProblem]:
    """What PicSee has no words for."""
    yield from preview_objections(new.title, new.preview)
    yield from target_objections(new.device_targets)


def create_body(new: NewLink) -> Mapping[str, object]:
    """`new` as PicSee takes it (FOUND); what is left out is not mentioned."""
    told = {
        "url": new.destination,
        "encodeId": new.slug,
        "domain": new.domain,
        "externalId": new.external_id,
        **preview_fields(new.title, new.preview),
        "tags": None if new.tags is None else list(new.tags),
        "targets": None if new.device_targets is None else targets_field(new.device_targets),
        "fbPixel": new.pixel,
        "gTag": new.tag_manager,
        "utm": None if new.utm is None else utm_field(new.utm),
    }
    return {key: value for key, value in told.items() if value is not None}


async def create(adapter: Adapter, new: NewLink, *, advanced: bool) -> WrittenLink:
    """Make the link. Whether a domain is the account's PicSee does not say (FOUND): the answer's own is told.

    Raises:
        VendorError: as CanCreateLinks.create_link.
    """
    call = Call("create link", "POST", "/v1/links", json=create_body(new), writes=True)
    answer, fetched = await adapter.fetch(CreatedAnswer, call)
    slug = answer.data.slug or _last_segment(answer.data.short_url)
    if link_path(slug) is None:
        raise adapter.bad_response(call, "picseeUrl names no link")
    link = _link(new, slug, answer.data, fetched)
    return WrittenLink(link, _told(new, link, advanced=advanced))


def _link(new: NewLink, slug: str, created: Created, fetched: FetchedAnswer) -> Link:
    return Link(
        handle=slug,
        short_url=created.short_url,
        slug=slug,
        destination=new.destination,
        fetched_at=fetched.at,
        domain=urlsplit(created.short_url).hostname,
        title=preview_fields(new.title, new.preview).get("title"),
        tags=new.tags or (),
        external_id=new.external_id,
        device_targets=new.device_targets,
        utm=new.utm,
    )


def _told(new: NewLink, link: Link, *, advanced: bool) -> frozenset[str]:
    """What was sent and accepted; below the advanced plan, whether PicSee kept what needs it is not certain."""
    needs_advanced = {
        "title": link.title is not None,
        "tags": bool(new.tags),
        "device_targets": new.device_targets is not None,
        "utm": new.utm is not None,
    }
    sent = {name for name, given in needs_advanced.items() if given}
    return _TOLD | sent if advanced else _TOLD - sent


def _last_segment(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
