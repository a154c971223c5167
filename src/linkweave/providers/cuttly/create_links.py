"""Creates links at Cutt.ly: `action=shorten`, with parameters in the order of the document's examples."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from linkweave.models import Link
from linkweave.models.changes import InputProblem, NewLink, WrittenLink
from linkweave.providers.cuttly.handles import handle_for, split_handle
from linkweave.providers.cuttly.link_reader import BUCKET, LinkReader
from linkweave.providers.cuttly.refusals import unwrapped
from linkweave.providers.cuttly.wire import ShortenedLink
from linkweave.providers.short_urls import escaped_short_url
from linkweave.transport.call import Call, Pairs

CREATABLE: Final = frozenset({"destination", "slug", "domain", "fetch_title", "public_stats", "sms_header"})

# DOC: the domain for Indian SMS that all teams share. The sender's header is a part of it.
GENERIC_DOMAIN: Final = "2s.ms"

_KNOWN_FIELDS: Final = frozenset({"handle", "short_url", "slug", "domain", "destination"})


class LinkCreator(LinkReader):
    """CREATE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds a header for Indian SMS without a domain, or with a domain that has its own header."""
        return tuple(_header_problems(new))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Creates a link in one call.

        Raises:
            ConflictError: the alias is taken (`field` is "slug").
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        call = Call("create link", "GET", "", shorten_query(new), bucket=BUCKET, writes=True)
        fetched = await self.client.fetch(call)
        self.raise_regular_refusal(fetched.data, call)
        created = self.parse(ShortenedLink, unwrapped(fetched.data), call)
        short_url = escaped_short_url(created.short_link, new.slug or "")
        handle = _handle_of(short_url)
        if handle is None:
            raise self.bad_response(call, "shortLink is no link that can be found again")
        domain, slug = split_handle(handle)
        link = Link(
            handle=handle,
            short_url=short_url,
            slug=slug,
            domain=domain,
            destination=new.destination,
            title=created.title or None,
            fetched_at=fetched.at,
        )
        return WrittenLink(link, _KNOWN_FIELDS | {"title"} if created.title else _KNOWN_FIELDS)


def shorten_query(new: NewLink) -> Pairs:
    """The query without the key. False for `public_stats` and true for `fetch_title` are the vendor's defaults."""
    optional = {
        "noTitle": "1" if new.fetch_title is False else None,
        "public": "1" if new.public_stats else None,
    }
    pairs = {"action": "shorten", "url": new.destination, **_name_and_domain(new), **optional}
    return tuple((name, value) for name, value in pairs.items() if value is not None)


def _header_problems(new: NewLink) -> Iterator[InputProblem]:
    """The document knows a header only once, and only with a domain."""
    if new.sms_header is None:
        return
    path = ("sms_header",)
    if new.domain is None:
        yield InputProblem(path, f"Cutt.ly takes it with a domain only: {GENERIC_DOMAIN}, or one of the team's own")
    elif "/" in new.domain:
        yield InputProblem(path, "this domain has a header in it already")
    if "/" in new.sms_header:
        yield InputProblem(path, "Cutt.ly takes a header without a slash")


def _name_and_domain(new: NewLink) -> dict[str, str | None]:
    """Alias, domain and header. The generic domain comes before the alias and has the header in it."""
    if new.sms_header is not None and new.domain is not None and new.domain.strip().lower() == GENERIC_DOMAIN:
        return {"domain": f"{GENERIC_DOMAIN}/{new.sms_header}", "name": new.slug}
    return {"name": new.slug, "domain": new.domain, "header": new.sms_header}


def _handle_of(short_url: str) -> str | None:
    try:
        url = urlsplit(short_url)
    except ValueError:
        return None
    return handle_for(url.netloc, unquote(url.path))
