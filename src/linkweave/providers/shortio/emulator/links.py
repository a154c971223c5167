"""The endpoints below /links, and the list of links."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import RefusedError, number_in
from linkweave.providers.shortio.emulator.fields import body_of, change_link, make_link
from linkweave.providers.shortio.emulator.store import Store, StoredLink, refused, refused_create

_MAX_PAGE: Final = 150
_MAX_IDS: Final = 150
_MAX_BULK: Final = 1_000


class LinkEndpoints:
    """Links of one user."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_links(self, request: Request) -> object:
        """GET /api/links: one domain, newest first."""
        query = request.query_params
        limit, domain_id = number_in(request, "limit", _MAX_PAGE), number_in(request, "domain_id", 0)
        if limit is None or not 1 <= limit <= _MAX_PAGE or not domain_id:
            raise refused(400, "querystring: domain_id is required, and limit must be from 1 to 150")
        domain = self._store.domain(request, domain_id)
        first, last = _moment(query.get("afterDate")), _moment(query.get("beforeDate"))
        rows = [
            link
            for link in self._store.links
            if link.domain is domain
            and (first is None or link.created_at >= first)
            and (last is None or link.created_at <= last)
        ]
        rows.sort(key=_order, reverse=query.get("dateSortOrder", "desc") == "desc")
        after = query.get("pageToken")
        start = 0 if after is None else _start_after(rows, after)
        page = rows[start : start + limit]
        more = start + limit < len(rows)
        shown = [link.to_json() for link in page]
        return {"count": len(page), "links": shown, "nextPageToken": _token(page[-1]) if more else None}

    async def get_link(self, request: Request) -> object:
        """GET /links/{id}."""
        return self._store.link(request, request.path_params["id"]).to_json()

    async def expand(self, request: Request) -> object:
        """GET /links/expand."""
        domain = self._store.domain(request, request.query_params.get("domain", ""))
        link = self._store.at(domain, request.query_params.get("path", ""))
        if link is None:
            raise refused(404, "Link not found")
        return link.to_json()

    async def create_link(self, request: Request) -> object:
        """POST /links."""
        given = await body_of(request)
        domain = self._store.domain(request, given.get("domain"))
        link, duplicate = make_link(self._store, request, domain, given)
        return {**link.to_json(), "success": True, "duplicate": duplicate}

    async def create_links(self, request: Request) -> object:
        """POST /links/bulk: each result in the place of its body. A failed one has no status (INFERRED)."""
        given = await body_of(request)
        bodies = given.get("links")
        if not isinstance(bodies, list) or not 1 <= len(bodies) <= _MAX_BULK:
            raise refused_create(400, "links must have from 1 to 1000 items")
        domain = self._store.domain(request, given.get("domain"))
        shared = {"allowDuplicates": given.get("allowDuplicates", False)}
        results: list[dict[str, object]] = []
        for body in bodies:
            try:
                link, duplicate = make_link(self._store, request, domain, {**shared, **body})
            except RefusedError as refusal:
                results.append({**_body(refusal), "success": False})
            else:
                results.append({**link.to_json(), "success": True, "duplicate": duplicate})
        return results

    async def update_link(self, request: Request) -> object:
        """POST /links/{id}."""
        link = self._store.link(request, request.path_params["id"])
        change_link(self._store, request, link, await body_of(request))
        return link.to_json()

    async def delete_link(self, request: Request) -> object:
        """DELETE /links/{id}."""
        try:
            link = self._store.link(request, request.path_params["id"])
        except RefusedError as refusal:
            raise RefusedError(404, {"success": False, "error": "Link not found"}) from refusal
        self._store.delete([link])
        return {"success": True, "idString": link.id}

    async def delete_links(self, request: Request) -> object:
        """DELETE /links/delete_bulk: unknown ids are passed over (INFERRED)."""
        ids = (await body_of(request)).get("link_ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= _MAX_IDS:
            raise RefusedError(400, {"success": False, "error": "link_ids must have from 1 to 150 items"})
        domains = self._store.domains_of(request)
        self._store.delete([link for link in self._store.links if link.id in ids and link.domain in domains])
        return {"success": True}


def _order(link: StoredLink) -> tuple[datetime, str]:
    return link.created_at, link.id


def _token(link: StoredLink) -> str:
    """An opaque token, which says after which link the next page begins."""
    return urlsafe_b64encode(link.id.encode()).decode()


def _start_after(rows: list[StoredLink], token: str) -> int:
    try:
        link_id = urlsafe_b64decode(token).decode()
    except ValueError:
        raise refused(400, "pageToken is not valid") from None
    return next((at + 1 for at, link in enumerate(rows) if link.id == link_id), 0)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        raise refused(400, "querystring: not a date-time") from None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _body(refusal: RefusedError) -> dict[str, object]:
    body: Any = refusal.body
    return {name: value for name, value in body.items() if name != "statusCode"}
