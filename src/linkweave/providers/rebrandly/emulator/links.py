"""The endpoints below /links."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from linkweave.providers.emulator_kit import RefusedError, json_object
from linkweave.providers.rebrandly.emulator.paging import page_of
from linkweave.providers.rebrandly.emulator.store import (
    Store,
    StoredDomain,
    StoredLink,
    StoredTag,
    Workspace,
    invalid,
    missing,
    taken,
)

_SLASHTAG: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MAX_DESTINATION: Final = 2_048
_TITLE: Final = range(3, 256)
_NOTE: Final = range(3, 2_001)
_DEFAULT_DOMAIN: Final = "rebrand.ly"


class LinkEndpoints:
    """Links of the workspace that the request names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_links(self, request: Request) -> object:
        """GET /links. Without `orderDir=asc`, the newest link is first."""
        rows = _matching(request, self._store.workspace(request))
        ascending = request.query_params.get("orderDir") == "asc"
        rows = sorted(rows, key=lambda link: link.created_at, reverse=not ascending)
        return [self._shown(link) for link in page_of(request, rows)]

    async def count_links(self, request: Request) -> object:
        """GET /links/count."""
        return {"count": len(_matching(request, self._store.workspace(request)))}

    async def get_link(self, request: Request) -> object:
        """GET /links/{id}."""
        return self._shown(_find(request, self._store.workspace(request)))

    async def create_link(self, request: Request) -> object:
        """POST /links."""
        given, workspace = await _body(request), self._store.workspace(request)
        destination, domain = _destination(given), _domain(given, workspace)
        title, note = _text(given, "title", _TITLE), _text(given, "description", _NOTE)
        now, new_id = self._store.clock.now().replace(microsecond=0), self._store.new_id()
        slashtag = given.get("slashtag") or f"rb{new_id[-5:]}"
        if not isinstance(slashtag, str) or not _SLASHTAG.fullmatch(slashtag):
            raise invalid("InvalidFormat", "slashtag")
        if any(_has_address(link, domain, slashtag) for link in workspace.links):
            raise taken("slashtag")
        link = StoredLink(new_id, slashtag, destination, title or "Untitled", domain, now, now, note)
        link.favourite = given.get("favourite") is True
        workspace.links.insert(0, link)
        return self._shown(link)

    async def update_link(self, request: Request) -> object:
        """POST /links/{id}. The document requires destination, title and favourite."""
        given, link = await _body(request), _find(request, self._store.workspace(request))
        for name in ("title", "favourite"):
            if given.get(name) is None:
                raise invalid("RequiredField", name)
        link.destination = _destination(given)
        link.title = _text(given, "title", range(2, 301)) or link.title
        link.favourite = given["favourite"] is True
        link.description = _text(given, "description", _NOTE)
        link.updated_at = self._store.clock.now().replace(microsecond=0)
        return self._shown(link)

    async def delete_link(self, request: Request) -> object:
        """DELETE /links/{id}. The answer is the link as it was."""
        workspace = self._store.workspace(request)
        link = _find(request, workspace)
        workspace.links.remove(link)
        return self._shown(link)

    async def list_link_tags(self, request: Request) -> object:
        """GET /links/{id}/tags."""
        link = _find(request, self._store.workspace(request), "link.id")
        return [tag.to_json() for tag in page_of(request, link.tags)]

    async def attach_tag(self, request: Request) -> object:
        """POST /links/{id}/tags/{tag}."""
        link, tag = self._link_and_tag(request)
        if tag not in link.tags:
            link.tags.append(tag)
        return tag.to_json()

    async def detach_tag(self, request: Request) -> object:
        """DELETE /links/{id}/tags/{tag}."""
        link, tag = self._link_and_tag(request)
        if tag not in link.tags:
            raise missing("tag.id")
        link.tags.remove(tag)
        return tag.to_json()

    def _link_and_tag(self, request: Request) -> tuple[StoredLink, StoredTag]:
        workspace = self._store.workspace(request)
        link = _find(request, workspace, "link.id")
        for tag in workspace.tags:
            if tag.id == request.path_params["tag"]:
                return link, tag
        raise missing("tag.id")

    def _shown(self, link: StoredLink) -> dict[str, object]:
        return link.to_json(with_tags=self._store.shows_tags)


async def _body(request: Request) -> Mapping[str, Any]:
    given = await json_object(request)
    if given is None:
        raise RefusedError(400, {"code": "BadRequest", "message": "Bad request"})
    return given


def _find(request: Request, workspace: Workspace, name: str = "id") -> StoredLink:
    for link in workspace.links:
        if link.id == request.path_params["id"]:
            return link
    raise missing(name)


def _matching(request: Request, workspace: Workspace) -> Sequence[StoredLink]:
    asked = request.query_params
    domain_ids, domain = asked.get("domain.id"), asked.get("domain.fullName")
    slashtag, favourite = asked.get("slashtag"), asked.get("favourite")
    if slashtag is not None and domain is None and domain_ids is None:
        raise invalid("RequiredField", "domain")
    first, last = _day(asked.get("dateFrom"), date.min), _day(asked.get("dateTo"), date.max)
    return [
        link
        for link in workspace.links
        if (domain_ids is None or link.domain.id in domain_ids.split(","))
        and (domain is None or link.domain.full_name == domain)
        and (slashtag is None or link.slashtag.casefold() == slashtag.casefold())
        and (favourite is None or link.favourite == (favourite == "true"))
        and first <= link.created_at.date() <= last
    ]


def _day(text: str | None, default: date) -> date:
    try:
        return default if text is None else date.fromisoformat(text)
    except ValueError:
        raise invalid("InvalidFormat", "dateFrom") from None


def _has_address(link: StoredLink, domain: StoredDomain, slashtag: str) -> bool:
    return link.domain is domain and link.slashtag.casefold() == slashtag.casefold()


def _destination(given: Mapping[str, Any]) -> str:
    value = given.get("destination")
    if value is None:
        raise invalid("RequiredField", "destination")
    if not isinstance(value, str) or not _is_web_url(value):
        raise invalid("InvalidFormat", "destination")
    if len(value) > _MAX_DESTINATION:
        raise invalid("InvalidMaxLength", "destination")
    return value


def _is_web_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _domain(given: Mapping[str, Any], workspace: Workspace) -> StoredDomain:
    wanted = given.get("domain") or {"fullName": _DEFAULT_DOMAIN}
    for domain in workspace.domains:
        if domain.id == wanted.get("id") or domain.full_name == wanted.get("fullName"):
            return domain
    raise missing("domain.id")


def _text(given: Mapping[str, Any], name: str, allowed: range) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise invalid("InvalidFormat", name)
    if len(value) not in allowed:
        raise invalid("InvalidMinLength" if len(value) < allowed.start else "InvalidMaxLength", name)
    return value
