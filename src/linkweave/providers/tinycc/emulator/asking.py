"""A call as the endpoints see it, and the sets of URLs that it can be about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from linkweave.providers.tinycc.emulator.expressions import compile_expression
from linkweave.providers.tinycc.emulator.refusing import Refused
from linkweave.providers.tinycc.emulator.state import ShortUrl, TinyAccount

BATCH: Final = 1_000

Content: TypeAlias = dict[str, object]
Item: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class Asked:
    """What a call brings: `name` is what its path ends with, where it names one thing."""

    query: Mapping[str, str]
    name: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)

    def items(self, key: str) -> list[Item]:
        """The entries of a batch."""
        items = self.payload.get(key)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Refused(1305)
        if len(items) > BATCH:
            raise Refused(1221)
        return items

    def one_item(self, key: str) -> Item:
        """The only entry of a batch."""
        items = self.items(key)
        if len(items) != 1:
            raise Refused(1307)
        return items[0]

    def group(self, key: str) -> list[str] | None:
        """The names in a query parameter, separated by comma; None where it is not there."""
        if self.query.get(key) is None:
            return None
        names = self.query[key].split(",")
        if len(names) > BATCH:
            raise Refused(1221)
        return names


Answer: TypeAlias = Callable[[TinyAccount, Asked], Content]


def tagged(account: TinyAccount, expression: str) -> list[ShortUrl]:
    """The URLs that an expression over tags chooses, on all domains."""
    names = [domain.domain for domain in account.domains]
    return list(filter(compile_expression(expression, account.tags, names), account.urls))


def chosen(account: TinyAccount, asked: Asked) -> list[ShortUrl]:
    """The URLs that a call names by path, by hashes or by tags; it must name some."""
    if asked.query.get("tags"):
        return tagged(account, asked.query["tags"])
    domain = account.working_domain(asked.query.get("domain"))
    if asked.name is not None:
        return [account.url(domain, asked.name)]
    hashes = asked.group("hashes")
    if hashes is None:
        raise Refused(1305)
    return [url for url in account.urls_of(domain) if url.hash in hashes]
