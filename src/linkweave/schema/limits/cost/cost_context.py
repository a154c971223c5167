"""What a cost rule computes from: the arguments of a field, its parent objects, and the selection in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.global_ids import decode_id
from linkweave.schema.limits.cost.cost import FREE, Cost, max_cost, sum_costs
from linkweave.schema.limits.cost.document_costs import CostTerm

Accounts: TypeAlias = tuple[AccountLoaders, ...]


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """At most `count` objects, each of one of `accounts`. `type_name` is their type, where it is known."""

    accounts: Accounts
    count: int = 1
    type_name: str | None = None


@dataclass(frozen=True, slots=True)
class CostEstimator:
    """Computes costs for one request: its variables with defaults, and the accounts that its caller may see.

    `known` stores each result, because nested lists lead to the same objects in very many ways.
    """

    variables: dict[str, Any]
    accounts: Mapping[str, AccountLoaders]
    rules: Mapping[tuple[str, str], "CostRule"]
    known: dict[tuple[int, tuple[ObjectGroup, ...]], Cost] = field(default_factory=dict)

    def cost(self, terms: Iterable[CostTerm], groups: Sequence[ObjectGroup], type_name: str | None = None) -> Cost:
        """Returns the cost of `terms` for the objects in `groups` together. `type_name` is the type of the objects."""
        selected = (
            term for term in terms if term.type_condition in (None, type_name) and term.is_selected(self.variables)
        )
        of = tuple(groups)
        return sum_costs(self._term_cost(term, of).under(term.response_key) for term in selected)

    def _term_cost(self, term: CostTerm, groups: tuple[ObjectGroup, ...]) -> Cost:
        key = (id(term), groups)
        known = self.known.get(key)
        if known is None:
            context, rule = CostContext(self, term, groups), self.rules.get(term.coordinate)
            known = self.known[key] = context.selection_cost(groups) if rule is None else rule(context)
        return known


@dataclass(frozen=True, slots=True)
class CostContext:
    """One field of a request, and its parent objects in `groups`."""

    estimator: CostEstimator
    term: CostTerm
    groups: Sequence[ObjectGroup]

    @property
    def all_accounts(self) -> Accounts:
        """All accounts of the caller."""
        return tuple(self.estimator.accounts.values())

    @property
    def owners(self) -> Accounts:
        """The accounts that the parent objects may belong to."""
        return tuple(dict.fromkeys(account for group in self.groups for account in group.accounts))

    def argument(self, name: str) -> Any:
        """Returns the value of an argument as the request has it, unchecked. None if the request does not have it."""
        argument = self.term.arguments.get(name)
        value = None if argument is None else argument.read(self.estimator.variables)
        return value if isinstance(value, str | int | bool | list | dict) else None

    def int_argument(self, name: str, default: int, maximum: int) -> int:
        """Returns the value of an integer argument, at most `maximum`. The field itself rejects a larger one."""
        value = self.argument(name)
        return max(0, min(maximum, value)) if isinstance(value, int) else default

    def selection_cost(self, groups: Sequence[ObjectGroup], type_name: str | None = None) -> Cost:
        """Returns the cost of the field's selection, for the objects in `groups` together."""
        return self.estimator.cost(self.term.selection, groups, type_name)

    def selection_cost_per_object(self, groups: Sequence[ObjectGroup]) -> Cost:
        """Returns the cost of the field's selection, for each of the objects in `groups`."""
        if not self.term.selection:
            return FREE
        return sum_costs(self._max_object_cost(group).times(group.count) for group in groups)

    def selection_cost_per_account(self, accounts: Accounts) -> Cost:
        """Returns the cost of the field's selection, for one object of each of `accounts`."""
        return sum_costs(self.selection_cost([ObjectGroup((account,))]) for account in accounts)

    def _max_object_cost(self, group: ObjectGroup) -> Cost:
        conditions = {term.type_condition for term in self.term.selection if term.type_condition is not None}
        types = [group.type_name] if group.type_name is not None or not conditions else sorted(conditions)
        owners = [[ObjectGroup((account,))] for account in group.accounts] or [[ObjectGroup(())]]
        return max_cost(self.selection_cost(owner, type_name) for owner in owners for type_name in types)


CostRule: TypeAlias = Callable[[CostContext], Cost]

_MAX_IDS: Final = 1_000


def accounts_with(accounts: Accounts, capability: type) -> Accounts:
    """Returns those of `accounts` that have `capability`."""
    return tuple(account for account in accounts if isinstance(account.account.adapter, capability))


def select_accounts(accounts: Iterable[AccountLoaders], ids: Any, providers: Any = None) -> Accounts:
    """Returns those of `accounts` that `ids` (keys or IDs) and `providers` name. None selects all."""
    keys = None if ids is None else {_account_key(each) for each in _strings(ids)}
    provider_ids = None if providers is None else set(_strings(providers))
    return tuple(
        each
        for each in accounts
        if (keys is None or each.key in keys) and (provider_ids is None or each.account.provider.id in provider_ids)
    )


def group_by_owner(context: CostContext, ids: Any) -> list[ObjectGroup]:
    """Returns the objects that `ids` name, by type and account. IDs of unknown accounts are left out."""
    counts: dict[tuple[str, str | None], int] = {}
    for each in _strings(ids)[:_MAX_IDS]:
        try:
            node = decode_id(each, "id")
        except InvalidInputError:
            continue
        key = None if node.kind == "Tag" else node.parts[0]
        counts[node.kind, key] = counts.get((node.kind, key), 0) + 1
    accounts = context.estimator.accounts
    return [
        ObjectGroup(tuple(accounts.values()) if key is None else (accounts[key],), count, type_name)
        for (type_name, key), count in counts.items()
        if key is None or key in accounts
    ]


def _strings(value: Any) -> list[str]:
    """Returns the strings in a list. GraphQL accepts a single value in place of a list of one."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _account_key(account: str) -> str:
    try:
        return decode_id(account, "account", "Account").parts[0]
    except InvalidInputError:
        return account
