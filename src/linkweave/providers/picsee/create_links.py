"""Creates links at PicSee."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from linkweave.models import Link
from linkweave.models.changes import InputProblem, NewLink, WrittenLink
from linkweave.providers.picsee.account import AccountReader
from linkweave.providers.picsee.inferred import TARGETS
from linkweave.providers.picsee.links import path_segment
from linkweave.providers.picsee.refusals import classify_by_input
from linkweave.providers.picsee.request_fields import (
    field_names,
    preview_fields,
    targets_field,
    title_problems,
    utm_field,
)
from linkweave.providers.picsee.wire import Created, CreatedAnswer
from linkweave.providers.target_checks import check_targets
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
# A new link has no other external id and no other tags than those that were sent.
_KNOWN_FIELDS: Final = frozenset({"handle", "short_url", "slug", "domain", "destination", "external_id", "tags"})


class LinkCreator(AccountReader):
    """CREATE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds platforms that PicSee does not know, and two titles for one."""
        return (*title_problems(new.title, new.preview), *check_targets(new.device_targets, TARGETS))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Creates a link in one call.

        For a domain that is not the account's, PicSee takes the default one without an error (FOUND). The link has the
        domain of the answer.

        Raises:
            PlanRequiredError: a field needs the advanced plan (FOUND).
            ConflictError: the slug is taken (`field` is "slug").
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        call = Call(
            "create link",
            "POST",
            "/v1/links",
            json=create_body(new),
            writes=True,
            classify=classify_by_input(field_names(new)),
        )
        answer, fetched = await self.fetch(CreatedAnswer, call)
        slug = answer.data.slug or _last_segment(answer.data.short_url)
        if path_segment(slug) is None:
            raise self.bad_response(call, "picseeUrl names no link")
        link = _link(new, slug, answer.data, fetched)
        return WrittenLink(link, _known_fields(new, link, advanced=self.settings.advanced))


def create_body(new: NewLink) -> Mapping[str, object]:
    """`new` as PicSee takes it (FOUND), without the fields that are not given."""
    fields = {
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
    return {key: value for key, value in fields.items() if value is not None}


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


def _known_fields(new: NewLink, link: Link, *, advanced: bool) -> frozenset[str]:
    """The fields that were sent and accepted.

    Below the advanced plan it is not certain that PicSee stored the fields that need it.
    """
    sent = {
        "title": link.title is not None,
        "tags": bool(new.tags),
        "device_targets": new.device_targets is not None,
        "utm": new.utm is not None,
    }
    advanced_fields = {name for name, is_sent in sent.items() if is_sent}
    return _KNOWN_FIELDS | advanced_fields if advanced else _KNOWN_FIELDS - advanced_fields


def _last_segment(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
