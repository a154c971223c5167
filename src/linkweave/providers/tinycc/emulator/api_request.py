"""A request as the endpoints see it, and the URLs that it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import ShortUrl, TinyAccount
from linkweave.providers.tinycc.emulator.tag_expressions import compile_expression

BATCH: Final = 1_000

Content: TypeAlias = dict[str, object]
Item: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class ApiRequest:
    """The parts of a request. `name` is the end of its path, where that names one thing."""

    query: Mapping[str, str]
    name: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)

    def items(self, key: str) -> list[Item]:
        """The entries of a batch."""
        items = self.payload.get(key)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ApiRefusedError(1305)
        if len(items) > BATCH:
            raise ApiRefusedError(1221)
        return items

    def one_item(self, key: str) -> Item:
        """The only entry of a batch."""
        items = self.items(key)
        if len(items) != 1:
            raise ApiRefusedError(1307)
        return items[0]

    def names(self, key: str) -> list[str] | None:
        """The names in a query parameter, separated by commas; None without the parameter."""
        if self.query.get(key) is None:
            return None
        names = self.query[key].split(",")
        if len(names) > BATCH:
            raise ApiRefusedError(1221)
        return names


Endpoint: TypeAlias = Callable[[TinyAccount, ApiRequest], Content]


def tagged_urls(account: TinyAccount, expression: str) -> list[ShortUrl]:
    """The URLs that an expression over tags chooses, on all domains."""
    names = [domain.domain for domain in account.domains]
    return list(filter(compile_expression(expression, account.tags, names), account.urls))


def named_urls(account: TinyAccount, request: ApiRequest) -> list[ShortUrl]:
    """The URLs that a request names by path, by hashes or by tags; it must name some."""
    if request.query.get("tags"):
        return tagged_urls(account, request.query["tags"])
    domain = account.working_domain(request.query.get("domain"))
    if request.name is not None:
        return [account.url(domain, request.name)]
    hashes = request.names("hashes")
    if hashes is None:
        raise ApiRefusedError(1305)
    return [url for url in account.urls_of(domain) if url.hash in hashes]
