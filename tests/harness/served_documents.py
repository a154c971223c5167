"""The gateway's own way of reading documents."""

from typing import Any

from graphql import GraphQLError

from linkweave.schema.build import build_schema
from linkweave.schema.execution.document_cache import DocumentReader
from linkweave.schema.execution.schema import RULES
from linkweave.schema.limits.document_policy import DocumentRules


def served(rules: DocumentRules | None = None) -> DocumentReader:
    """Reads documents against the served schema, by `rules` or the default ones."""
    return DocumentReader(build_schema()._schema, RULES, rules or DocumentRules())  # noqa: SLF001 - strawberry hands out no other


def extensions(error: GraphQLError) -> dict[str, Any]:
    """What is told of an error beside its message."""
    return error.extensions or {}
