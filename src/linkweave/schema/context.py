"""What resolvers find in `info.context`, and what they read off the query itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
from linkweave.gather.listing.link_pages import LinkQuery
from linkweave.gather.session import Session
from linkweave.schema.lazy_types import LazyAccount, LazyLinkConnection


class NodeFactory(Protocol):
    """Makes the object types that the types they contain return."""

    def account(self, loaders: AccountLoaders) -> LazyAccount:
        """Returns the account of `loaders`."""
        ...

    async def link_page(
        self, info: "Info", query: LinkQuery, first: int | None, after: str | None
    ) -> LazyLinkConnection:
        """Returns one page of the links of `query`.

        Raises:
            InvalidInputError: `first` or `after` is wrong.
        """
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """One operation. A caller that accepts the response `in_parts` gets it so; any other gets it whole."""

    session: Session
    request_id: str
    nodes: NodeFactory
    in_parts: bool = False


Info: TypeAlias = strawberry.Info[Context, None]

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def note_problem(info: Info, error: LinkweaveError) -> None:
    """Tell `error` at the place of the field at hand, which answers all the same."""
    raw: Any = info._raw_info  # noqa: SLF001 - Strawberry offers no other way to our executor's ResolveInfo
    problem = GraphQLError(error.message, raw.field_nodes, path=raw.path.as_list(), original_error=error)
    raw.collected_errors.errors.append(problem)


def selected(info: Info) -> frozenset[str]:
    """The fields that are read of the object that the field at hand gives, in snake case.

    Fragments are entered once each, whatever their type condition.
    """
    raw = info._raw_info  # noqa: SLF001 - Strawberry's selected_fields walks fragments without memory
    seen: set[str] = set()
    names: set[str] = set()
    for node in raw.field_nodes:
        names.update(_names(node.selection_set, raw.fragments, seen))
    return frozenset(_HUMP.sub("_", name).lower() for name in names)


def _names(
    selection_set: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[str]:
    if selection_set is None:
        return
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _names(node.selection_set, fragments, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            yield from _names(fragments[node.name.value].selection_set, fragments, seen)
