"""The gateway's own way of reading documents."""

from typing import Any

from graphql import GraphQLError

from linkweave.schema.build import build_schema
from linkweave.schema.execution.document_parser import DocumentParser
from linkweave.schema.execution.schema import RULES
from linkweave.schema.limits.document_policy import DocumentPolicy


def served(rules: DocumentPolicy | None = None) -> DocumentParser:
    """Reads documents against the served schema, by `rules` or the default ones."""
    return DocumentParser(build_schema()._schema, RULES, rules or DocumentPolicy())  # noqa: SLF001 - strawberry hands out no other


def extensions(error: GraphQLError) -> dict[str, Any]:
    """Returns the extensions of an error."""
    return error.extensions or {}
