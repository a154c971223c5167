"""How a new link is said to Cutt.ly: the parameters of `action=shorten`, in the order of the document's examples."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from linkweave.models import Link
from linkweave.models.changes import InputProblem, NewLink, WrittenLink
from linkweave.providers.cuttly.handles import handle_for, split
from linkweave.providers.cuttly.wire import ShortenedLink
from linkweave.transport.call import Pairs

CREATABLE: Final = frozenset({"destination", "slug", "domain", "fetch_title", "public_stats", "sms_header"})

# DOC: the domain for Indian SMS that all teams share; the sender's header is a part of it.
GENERIC_DOMAIN: Final = "2s.ms"

_TOLD: Final = frozenset({"handle", "short_url", "slug", "domain", "destination"})


def objections(new: NewLink) -> Iterator[InputProblem]:
    """What the document has no words for: a header goes with a domain, and once."""
    if new.sms_header is None:
        return
    if new.domain is None:
        yield InputProblem(
            ("sms_header",), f"Cutt.ly takes it with a domain only: {GENERIC_DOMAIN}, or one of the team's own"
        )
    elif "/" in new.domain:
        yield InputProblem(("sms_header",), "this domain has a header in it already")
    if "/" in new.sms_header:
        yield InputProblem(("sms_header",), "Cutt.ly takes a header without a slash")


def shorten_query(new: NewLink) -> Pairs:
    """The query, less the key. False for `public_stats` and true for `fetch_title` is what happens unasked."""
    chosen = {
        "noTitle": "1" if new.fetch_title is False else None,
        "public": "1" if new.public_stats else None,
    }
    pairs = {"action": "shorten", "url": new.destination, **_place(new), **chosen}
    return tuple((name, value) for name, value in pairs.items() if value is not None)


def written(answer: ShortenedLink, new: NewLink, at: datetime) -> WrittenLink | None:
    """The link that was made; None where its short URL is none that can be found again."""
    handle = _handle_of(answer.short_link)
    if handle is None:
        return None
    domain, slug = split(handle)
    link = Link(
        handle=handle,
        short_url=answer.short_link,
        slug=slug,
        domain=domain,
        destination=new.destination,
        title=answer.title or None,
        fetched_at=at,
    )
    return WrittenLink(link, _TOLD | {"title"} if answer.title else _TOLD)


def _handle_of(short_url: str) -> str | None:
    try:
        url = urlsplit(short_url)
    except ValueError:
        return None
    return handle_for(url.netloc, url.path)


def _place(new: NewLink) -> dict[str, str | None]:
    """Alias, domain and header; the generic domain comes before the alias and has the header in it."""
    if new.sms_header is not None and new.domain is not None and new.domain.strip().lower() == GENERIC_DOMAIN:
        return {"domain": f"{GENERIC_DOMAIN}/{new.sms_header}", "name": new.slug}
    return {"name": new.slug, "domain": new.domain, "header": new.sms_header}
