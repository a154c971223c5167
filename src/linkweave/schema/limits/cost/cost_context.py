"""What a price is worked out from: a field's arguments, whose objects are at hand, and what is read of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.global_ids import decode_id
from linkweave.schema.limits.cost.cost import FREE, Cost, added, worst
from linkweave.schema.limits.cost.document_costs import CostTerm

Accounts: TypeAlias = tuple[AccountLoaders, ...]


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """At most `many` objects, of one type where `kind` names it, each of one of `accounts`."""

    accounts: Accounts
    many: int = 1
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its variables, defaults filled in, and the accounts that its caller may see.

    `priced` remembers what was worked out: lists in lists lead to the same objects by very many ways.
    """

    variables: dict[str, Any]
    accounts: Mapping[str, AccountLoaders]
    rules: Mapping[tuple[str, str], "Rule"]
    priced: dict[tuple[int, tuple[ObjectGroup, ...]], Cost] = field(default_factory=dict)

    def price(self, terms: Iterable[CostTerm], groups: Sequence[ObjectGroup], kind: str | None = None) -> Cost:
        """The price of `terms`, read once of the objects in `groups`, which are of the type `kind` if one is given."""
        read = (term for term in terms if term.only in (None, kind) and term.is_read(self.variables))
        told = tuple(groups)
        return added(self._one(term, told).below(term.name) for term in read)

    def _one(self, term: CostTerm, groups: tuple[ObjectGroup, ...]) -> Cost:
        key = (id(term), groups)
        known = self.priced.get(key)
        if known is None:
            asking, rule = CostContext(self, term, groups), self.rules.get(term.place)
            known = self.priced[key] = asking.inside(groups) if rule is None else rule(asking)
        return known


@dataclass(frozen=True, slots=True)
class CostContext:
    """One field of a request, read of the objects in `groups`."""

    request: Request
    term: CostTerm
    groups: Sequence[ObjectGroup]

    @property
    def owners(self) -> Accounts:
        """The accounts whose objects may be at hand."""
        return tuple(dict.fromkeys(account for group in self.groups for account in group.accounts))

    def argument(self, name: str) -> Any:
        """The value of an argument as the request gives it, not checked; None where it gives none."""
        given = self.term.arguments.get(name)
        value = None if given is None else given.read(self.request.variables)
        return value if isinstance(value, str | int | bool | list | dict) else None

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0 to `most`: what is more is refused by the field itself."""
        given = self.argument(name)
        return max(0, min(most, given)) if isinstance(given, int) else default

    def inside(self, groups: Sequence[ObjectGroup], kind: str | None = None) -> Cost:
        """The price of what is selected in the field, for the objects in `groups` together."""
        return self.request.price(self.term.inside, groups, kind)

    def each(self, groups: Sequence[ObjectGroup]) -> Cost:
        """The price of what is selected in the field, for each of the objects in `groups`."""
        if not self.term.inside:
            return FREE
        return added(self._most(group).times(group.many) for group in groups)

    def _most(self, group: ObjectGroup) -> Cost:
        told = {term.only for term in self.term.inside if term.only is not None}
        kinds = [group.kind] if group.kind is not None or not told else sorted(told)
        owned = [[ObjectGroup((account,))] for account in group.accounts] or [[ObjectGroup(())]]
        return worst(self.inside(one, kind) for one in owned for kind in kinds)


Rule: TypeAlias = Callable[[CostContext], Cost]

_MOST_IDS: Final = 1_000


def texts(value: Any) -> list[str]:
    """The texts in a list of them, or the one that stands for such a list."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def chosen(accounts: Iterable[AccountLoaders], named: Any, providers: Any = None) -> Accounts:
    """Those of `accounts` that `named` (keys or ids) and `providers` leave; None leaves all."""
    keys = None if named is None else {_key(each) for each in texts(named)}
    kinds = None if providers is None else set(texts(providers))
    return tuple(
        each
        for each in accounts
        if (keys is None or each.key in keys) and (kinds is None or each.account.provider.id in kinds)
    )


def owned(asking: CostContext, ids: Any) -> list[ObjectGroup]:
    """What `ids` name, by kind and account; what they name of nobody's is left out."""
    counts: dict[tuple[str, str | None], int] = {}
    for each in texts(ids)[:_MOST_IDS]:
        try:
            node = decode_id(each, "id")
        except InvalidInputError:
            continue
        key = None if node.kind == "Tag" else node.parts[0]
        counts[node.kind, key] = counts.get((node.kind, key), 0) + 1
    accounts = asking.request.accounts
    return [
        ObjectGroup(tuple(accounts.values()) if key is None else (accounts[key],), many, kind)
        for (kind, key), many in counts.items()
        if key is None or key in accounts
    ]


def _key(given: str) -> str:
    try:
        return decode_id(given, "account", "Account").parts[0]
    except InvalidInputError:
        return given
