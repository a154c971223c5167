"""Creates links: POST /urls, up to 1,000 a call, each with a result of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models.changes import UNSET, InputProblem, NewLink, WrittenLink
from linkweave.providers.batches import or_raise, write_in_turn
from linkweave.providers.tinycc.expiry import NEEDED, expiry_keys
from linkweave.providers.tinycc.handles import GROUP_LIMIT, ascii_domain
from linkweave.providers.tinycc.inferred import NEWEST_MARGIN
from linkweave.providers.tinycc.link_wire import WrittenUrls
from linkweave.providers.tinycc.links import MAX_PAGE_BYTES
from linkweave.providers.tinycc.writing import OUT_OF_ORDER, ItemReader, any_written, check_slug, hash_of
from linkweave.transport.call import Call, Pairs

CREATABLE: Final = frozenset({"destination", "slug", "domain", "note", "tags", "email_reports", "expiry"})

_OPERATION: Final = "create links"


class LinkCreator(ItemReader):
    """CREATE_LINK and BATCH_CREATE."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """A slug that is too long, and the parts of an expiry that the vendor has no parameter for."""
        return (*check_slug(new.slug), *self.check_expiry(new.expiry, NEEDED))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, by a batch of one."""
        (result,) = await self.create_links((new,))
        return or_raise(result)

    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Create links, one call for all that go to the same domain; one result each, in order."""
        working = self.settings.domain
        by_query: dict[Pairs, list[int]] = {}
        for place, each in enumerate(new):
            by_query.setdefault(_query(each, working), []).append(place)

        async def write(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
            group = [new[place] for place in places]
            return await self._create_group(_query(group[0], working), group)

        results = await write_in_turn(self, _OPERATION, map(tuple, by_query.values()), write)
        return [results[place] for place in range(len(new))]

    async def _create_group(self, query: Pairs, group: Sequence[NewLink]) -> list[WrittenLink | VendorError]:
        body = {"urls": [_entry(each) for each in group]}
        call = Call(
            _OPERATION, "POST", "/urls", query, json=body, writes=True, wrote=any_written, max_bytes=MAX_PAGE_BYTES
        )
        reuse = group[0].reuse
        newest = next(iter(await self._newest_handles(query, 1)), None) if reuse else None
        answer, fetched = await self.fetch(WrittenUrls, call)
        if len(answer.urls) != len(group) or _out_of_place(answer.urls, group):
            raise self.bad_response(call, OUT_OF_ORDER)
        results = [self.written_link(item, call, fetched.at) for item in answer.urls]
        return await self._mark_reused(query, results, newest) if reuse else results

    async def _mark_reused(
        self, query: Pairs, results: Sequence[WrittenLink | VendorError], newest: str | None
    ) -> list[WrittenLink | VendorError]:
        """`results` with the right `created`, which the answer to `disable_long_url_duplicates` does not tell.

        A link with clicks existed before. For the others, the domain's list decides, which starts with the newest link
        (DOC): a link above `newest`, the newest before the call, was made since. A link on another domain was not made.
        """
        links = [result.link for result in results if isinstance(result, WrittenLink)]
        created = {link.handle for link in links if not (link.included and link.included.clicks)} - {newest}
        if created:
            try:
                listed = await self._newest_handles(query, min(len(results) + NEWEST_MARGIN, GROUP_LIMIT))
            except VendorError:
                # The links exist, and it can no longer be found out whether they did before.
                listed = [*created]
            created &= set(listed[: listed.index(newest)] if newest in listed else listed)
        return _marked(results, created)

    async def _newest_handles(self, query: Pairs, count: int) -> list[str]:
        """The newest links of the domain that `query` names."""
        domain = tuple(pair for pair in query if pair[0] == "domain")
        links, _, _ = await self.fetch_urls("list newest links", (*domain, ("offset", "0"), ("limit", str(count))))
        return [link.handle for link in links.items]


def _query(new: NewLink, working: str | None) -> Pairs:
    """The domain of a new link, and the scope in which an existing link to the same destination will do.

    Links without a domain go to the `working` domain, or else to the vendor's default. Where the caller names a domain,
    a link on another domain will not do.
    """
    domain = new.domain if new.domain is not None else working
    scope = "account" if new.domain is None else "domain"
    return (
        *((("domain", ascii_domain(domain)),) if domain is not None else ()),
        *((("disable_long_url_duplicates", scope),) if new.reuse else ()),
    )


def _entry(new: NewLink) -> dict[str, object]:
    """An element of `urls`, without the fields that the caller left out."""
    keys: dict[str, object] = {
        "custom_hash": new.slug,
        "long_url": new.destination,
        "note": new.note,
        "email_stats": new.email_reports,
        **expiry_keys(UNSET if new.expiry is None else new.expiry),
        "tags": None if new.tags is None else list(new.tags),
    }
    return {key: value for key, value in keys.items() if value is not None}


def _out_of_place(items: Sequence[Mapping[str, Any]], group: Sequence[NewLink]) -> bool:
    """Whether an item belongs to another input: only their order tells, as failed items have no hash (DOC)."""
    slugs = {each.slug for each in group if each.slug is not None}
    destinations = {_comparable(each.destination) for each in group}
    for item, own in zip(items, group, strict=True):
        slug, destination = hash_of(item), item.get("long_url")
        if own.slug is not None and slug != own.slug and slug in slugs:
            return True
        if isinstance(destination, str):
            compared = _comparable(destination)
            if compared in destinations and compared != _comparable(own.destination):
                return True
    return False


def _comparable(destination: str) -> str:
    """`destination` without what the vendor may spell otherwise in its answer."""
    return destination.rstrip("/").casefold()


def _marked(results: Sequence[WrittenLink | VendorError], created: set[str]) -> list[WrittenLink | VendorError]:
    marked: list[WrittenLink | VendorError] = []
    seen: set[str] = set()
    for result in results:
        if isinstance(result, VendorError):
            marked.append(result)
            continue
        handle = result.link.handle
        # A second input to the same destination gets the link that the first one made.
        marked.append(replace(result, created=handle in created and handle not in seen))
        seen.add(handle)
    return marked
