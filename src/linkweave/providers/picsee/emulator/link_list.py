"""List of Short Links."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.providers.picsee.emulator.access import Access
from linkweave.providers.picsee.emulator.bodies import json_object
from linkweave.providers.picsee.emulator.query import flag_parameter, number_parameter, time_parameter
from linkweave.providers.picsee.emulator.responses import PLAN_NEEDED, RefusedError, success
from linkweave.providers.picsee.emulator.state import VendorAccount, VendorLink

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 50
SEARCHES: Final = ("encodeId", "authorId", "tag", "keyword")
SEARCHABLE: Final = range(3, 31)


class LinkListApi:
    """The endpoint that lists links."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def routes(self) -> list[Route]:
        """The path of the endpoint."""
        return [Route("/v2/links/overview", self.list_links, methods=["POST"])]

    async def list_links(self, request: Request) -> Response:
        """One page, newest first."""
        account = self._access.admit(request, "list")
        limit = number_parameter(request, "limit") or DEFAULT_LIMIT
        if limit > MAX_LIMIT:
            raise RefusedError(400, "limit must be at most 50")
        is_in_list = _list_of(request)
        matches = _search_of(account, await json_object(request))
        links = [link for link in account.live if is_in_list(link) and matches(link)]
        return success(request, [_item(link) for link in links[:limit]])


def _list_of(request: Request) -> Callable[[VendorLink], bool]:
    """The list that the query chooses. `isAPI` and `isStar` have no value for both (DOC)."""
    is_api = flag_parameter(request, "isAPI", default=True)
    is_star = flag_parameter(request, "isStar", default=False)
    start, previous = time_parameter(request, "startTime"), number_parameter(request, "prevMapId")
    external_id = request.query_params.get("externalId")

    def is_in_list(link: VendorLink) -> bool:
        return (
            (link.is_api, link.is_star) == (is_api, is_star)
            and (start is None or link.created_at <= start)
            and (previous is None or link.map_id < previous)
            and (external_id is None or link.external_id == external_id)
        )

    return is_in_list


def _search_of(account: VendorAccount, body: Mapping[str, object]) -> Callable[[VendorLink], bool]:
    """The search that the body has: the first of SEARCHES that is there, and no other (DOC)."""
    name = next((name for name in SEARCHES if name in body), None)
    if name is None:
        return lambda _: True
    if not account.advanced:
        raise RefusedError(403, "Search is available on the Advanced Plan", PLAN_NEEDED)
    value = body[name]
    if name == "authorId":
        return lambda _: value == account.picsee_id
    if not isinstance(value, str) or (name != "encodeId" and len(value) not in SEARCHABLE):
        raise RefusedError(400, f"{name} must have 3 to 30 characters")
    tests: Mapping[str, Callable[[VendorLink], bool]] = {
        "encodeId": lambda link: link.encode_id == value,
        "tag": lambda link: value in link.tags,
        "keyword": lambda link: any(value.lower() in text.lower() for text in (link.encode_id, link.title, link.url)),
    }
    return tests[name]


def _item(link: VendorLink) -> dict[str, object]:
    return {
        "mapId": link.map_id,
        "domain": link.domain,
        "encodeId": link.encode_id,
        "url": link.url,
        "title": link.title,
        "totalClicks": link.clicks,
        "uniqueClicks": link.unique_clicks,
        "createTime": link.created_at.isoformat(timespec="seconds"),
        "externalId": link.external_id,
        "tags": [{"value": tag} for tag in link.tags],
    }
