"""Creates, edits, deletes, recovers and reports links."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.clock import Clock
from linkweave.providers.emulator_seed import SeedDay
from linkweave.providers.picsee.emulator.access import Access
from linkweave.providers.picsee.emulator.bodies import (
    BAD_URL,
    Body,
    check_edit,
    check_new,
    check_report,
    json_object,
    strings,
)
from linkweave.providers.picsee.emulator.responses import NO_SUCH_LINK, PLAN_NEEDED, RefusedError, success
from linkweave.providers.picsee.emulator.state import NEWEST_MAP_ID, VendorAccount, VendorLink, now_in_taipei

# utm is not among them: PicSee's own client offers it on every plan, other public material does not (FOUND).
ADVANCED_FIELDS: Final = frozenset(
    {"title", "description", "imageUrl", "tags", "targets", "fbPixel", "gTag", "pathFormat"}
)
TRASH_KEEPS: Final = timedelta(days=30)

QUOTA_USED_UP: Final = "PUB00007"
SLUG_TAKEN: Final = "PUB00503"
ANOTHER_BRAND: Final = "PUB00510"
NOTHING_TO_MOVE: Final = "PUB00701"
TOO_LONG_IN_TRASH: Final = "PUB00704"
STARRED: Final = "PUB00706"


class LinkWritesApi:
    """Endpoints that change links. Changes are listed at once; the real list may take ten minutes (FOUND)."""

    def __init__(self, access: Access, accounts: Sequence[VendorAccount], clock: Clock) -> None:
        self._access = access
        self._accounts = accounts
        self._clock = clock
        self._map_ids = count(NEWEST_MAP_ID + 17, 17)

    def routes(self) -> list[Route]:
        """The paths of the endpoints; the last one is INFERRED."""
        return [
            Route("/v1/links", self.create, methods=["POST"]),
            Route("/v2/links/{encode_id}", self.edit, methods=["PUT"]),
            Route("/v2/links/{encode_id}/delete", self.delete_or_recover, methods=["POST"]),
            Route("/v1/abuse", self.report_abuse, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """Creates one link, until the account's quota is used up."""
        account, body = self._access.admit(request, None), await json_object(request)
        if not account.advanced and ADVANCED_FIELDS & body.keys():
            raise RefusedError(403, "This is available on the Advanced Plan", PLAN_NEEDED)
        check_new(body, account)
        if account.usage >= account.quota:
            raise RefusedError(403, "The quota is used up", QUOTA_USED_UP)
        link = self._new_link(account, body)
        account.links.insert(0, link)
        account.usage += 1
        account.remember(dict(strings(body.get("utm"))))
        posted = {key: body[key] for key in ("url", "externalId") if key in body}
        return success(request, {"picseeUrl": link.short_url}, posted)

    async def edit(self, request: Request) -> Response:
        """Changes the given fields. No endpoint returns pixels, targets, previews and expiry."""
        account, body = self._access.admit(request, None), await json_object(request)
        if not account.advanced:
            raise RefusedError(403, "Editing is available on the Advanced Plan", PLAN_NEEDED)
        link = account.find(request.path_params["encode_id"])
        if link is None:
            raise RefusedError(404, "Link not found", NO_SUCH_LINK)
        check_edit(body, account, now_in_taipei(self._clock))
        given = dict(strings(body))
        slug, url = given.get("encodeId", link.encode_id), given.get("url", link.url)
        if slug != link.encode_id:
            self._refuse_taken(slug)
        if _brand(url) != _brand(link.url):
            raise RefusedError(400, "The destination must not leave the brand", ANOTHER_BRAND)
        link.encode_id, link.url = slug, url
        link.title = given.get("title", link.title)
        link.external_id = given.get("externalId", link.external_id)
        link.domain = account.domain_for(given["domain"]) if "domain" in given else link.domain
        link.tags = _tags(body, link.tags)
        account.remember(dict(strings(body.get("utm"))))
        return success(request, {"result": "success"})

    async def delete_or_recover(self, request: Request) -> Response:
        """Moves a link to the trash, or back."""
        account, body = self._access.admit(request, None), await json_object(request)
        link = account.find_anywhere(request.path_params["encode_id"])
        match body.get("value"):
            case "delete":
                self._delete(link)
            case "recover":
                self._recover(link)
            case _:
                raise RefusedError(400, "value must be delete or recover")
        return success(request, {"result": "success"})

    async def report_abuse(self, request: Request) -> Response:
        """Takes a report of a security partner."""
        account, body = self._access.admit(request, None), await json_object(request)
        if not account.security_partner:
            raise RefusedError(403, "This is for authorized security partners")
        check_report(body)
        slug = unquote(urlsplit(str(body["url"])).path.removeprefix("/"))
        if all(each.find(slug) is None for each in self._accounts):
            raise RefusedError(400, "url must be a PicSee short link", BAD_URL)
        return success(request, {"result": "success"})

    def _new_link(self, account: VendorAccount, body: Body) -> VendorLink:
        given, now = dict(strings(body)), now_in_taipei(self._clock)
        if "encodeId" in given:
            self._refuse_taken(given["encodeId"])
        map_id = next(number for number in self._map_ids if not self._taken(f"{number:x}"))
        return VendorLink(
            map_id=map_id,
            domain=account.domain_for(given.get("domain")),
            encode_id=given.get("encodeId", f"{map_id:x}"),
            url=given["url"],
            # The real PicSee takes the title of the destination's page.
            title=given.get("title", str(urlsplit(given["url"]).hostname)),
            tags=_tags(body, []),
            created_at=now.replace(microsecond=0),
            external_id=given.get("externalId"),
            is_api=True,
            is_star=False,
            days=(SeedDay(now.date(), 0, 0),),
        )

    def _refuse_taken(self, slug: str) -> None:
        if self._taken(slug):
            raise RefusedError(400, "encodeId already exists", SLUG_TAKEN)

    def _taken(self, slug: str) -> bool:
        """Slugs are unique on the whole platform (FOUND), and links in the trash keep theirs."""
        return any(account.find_anywhere(slug) is not None for account in self._accounts)

    def _delete(self, link: VendorLink | None) -> None:
        if link is None or link.deleted_at is not None:
            raise RefusedError(404, "Link not found", NOTHING_TO_MOVE)
        if link.is_star:
            raise RefusedError(400, "A starred link cannot be deleted", STARRED)
        link.deleted_at = now_in_taipei(self._clock)

    def _recover(self, link: VendorLink | None) -> None:
        if link is None:
            raise RefusedError(404, "Link not found", NOTHING_TO_MOVE)
        if link.deleted_at is not None and now_in_taipei(self._clock) - link.deleted_at > TRASH_KEEPS:
            raise RefusedError(400, "The link has been in the trash for more than 30 days", TOO_LONG_IN_TRASH)
        link.deleted_at = None


def _tags(body: Body, present: list[str]) -> list[str]:
    tags = body.get("tags", present)
    return [str(tag) for tag in tags] if isinstance(tags, list) else present


def _brand(url: str) -> str:
    """The emulator's idea of a brand: the last two labels of the host. PicSee's own rule is not known."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
