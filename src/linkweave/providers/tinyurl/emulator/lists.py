"""The lists of links: GET /urls/available and GET /urls/archived. They are not paged, and have no order."""

from starlette.requests import Request

from linkweave.providers.tinyurl.emulator.account import Account, StoredLink, good, moment_of, refused


async def list_links(account: Account, request: Request) -> object:
    """GET /urls/{type}."""
    return good([link.to_json(with_url=account.lists_urls) for link in _matching(account, request)])


async def count_links(account: Account, request: Request) -> object:
    """GET /urls/{type}/count."""
    return good({"count": len(_matching(account, request))})


def _matching(account: Account, request: Request) -> list[StoredLink]:
    kind, query = request.path_params["type"], request.query_params
    if kind not in {"available", "archived"}:
        raise refused(5, "The selected type is invalid.")
    found = [link for link in account.links.values() if link.archived == (kind == "archived")]
    if query.get("from"):
        start = moment_of(query["from"], "from")
        found = [link for link in found if link.created_at >= start]
    if query.get("to"):
        end = moment_of(query["to"], "to")
        found = [link for link in found if link.created_at <= end]
    name, _, text = query.get("search", "").partition(":")
    if name == "alias":
        found = [link for link in found if text in link.alias]
    if name == "tag":
        found = [link for link in found if any(text.lower() in tag.lower() for tag in link.tags)]
    return sorted(found, key=lambda link: link.alias)
