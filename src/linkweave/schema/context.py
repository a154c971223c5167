"""The context of an operation, and what resolvers read from and add to its execution."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    SelectionSetNode,
)

from linkweave.errors import LinkweaveError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import LinkQuery
from linkweave.gather.session import Session
from linkweave.schema.lazy_types import LazyAccount, LazyLinkConnection
from linkweave.schema.qr_codes import QrCodes


class NodeFactory(Protocol):
    """Creates objects of types that are above the type of the caller in the import order."""

    def account(self, loaders: AccountLoaders) -> LazyAccount:
        """Creates the account of `loaders`."""
        ...

    async def link_page(
        self, info: "Info", query: LinkQuery, first: int | None, after: str | None
    ) -> LazyLinkConnection:
        """Reads one page of the links of `query`.

        Raises:
            InvalidInputError: `first` or `after` is wrong.
        """
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """The context of one operation. `in_parts` says that the caller accepts an incremental response."""

    session: Session
    request_id: str
    nodes: NodeFactory
    in_parts: bool = False
    qr_codes: QrCodes = field(default_factory=QrCodes)

    def __post_init__(self) -> None:
        # An object of an account needs no context to show its account: hundreds of links of one answer may do so.
        for loaders in self.session.accounts.values():
            loaders.make_node = self.nodes.account


Info: TypeAlias = strawberry.Info[Context, None]

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def add_error(info: Info, error: LinkweaveError) -> None:
    """Adds an error at the path of the current field. The field returns its value all the same."""
    raw: Any = info._raw_info  # noqa: SLF001 - Strawberry offers no other way to our executor's ResolveInfo
    located = GraphQLError(error.message, raw.field_nodes, path=raw.path.as_list(), original_error=error)
    raw.add_error(located)


def selected_fields(info: Info) -> frozenset[str]:
    """Returns the names of the fields that are selected in the current field, in snake case.

    Each fragment is read once, and type conditions are ignored.
    """
    raw = info._raw_info  # noqa: SLF001 - Strawberry's selected_fields reads a fragment once for each spread
    visited: set[str] = set()
    names: set[str] = set()
    for node in raw.field_nodes:
        names.update(_names(node.selection_set, raw.fragments, visited))
    return frozenset(_HUMP.sub("_", name).lower() for name in names)


def _names(
    selection_set: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode], visited: set[str]
) -> Iterator[str]:
    if selection_set is None:
        return
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _names(node.selection_set, fragments, visited)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
            visited.add(node.name.value)
            yield from _names(fragments[node.name.value].selection_set, fragments, visited)
