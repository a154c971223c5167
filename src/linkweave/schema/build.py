"""Puts the schema together, once per process."""

from functools import cache
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from linkweave.providers.discovery import discover
from linkweave.schema.account import Account
from linkweave.schema.domain import Domain
from linkweave.schema.enums import describe_enums
from linkweave.schema.errors import MaskingExecutor
from linkweave.schema.groups import Campaign, Team, Tracker
from linkweave.schema.input_descriptions import describe_inputs
from linkweave.schema.link import Link
from linkweave.schema.mutation import Mutation
from linkweave.schema.query import Query
from linkweave.schema.request_errors import RequestChecks, code_request_errors
from linkweave.schema.scalars import SCALARS
from linkweave.schema.tag import Tag
from linkweave.schema.upload import Upload
from linkweave.schema.webhook import Webhook


class Schema(strawberry.Schema):
    """Strawberry's schema without its own log lines: what is unexpected is logged where it is masked."""

    def process_errors(
        self,
        errors: list[Any],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 - Strawberry's signature
    ) -> None:
        """Errors are answers here: each gets a code, and none is logged that need not be."""
        code_request_errors(errors)


@cache
def build_schema() -> Schema:
    """The schema that the gateway serves, the same one for everybody in a process."""
    describe_enums()
    describe_inputs(discover())
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[Account, Campaign, Domain, Link, Tag, Team, Tracker, Upload, Webhook],
        execution_context_class=MaskingExecutor,
        extensions=[RequestChecks],
        config=StrawberryConfig(
            scalar_map=dict(SCALARS),
            enable_experimental_incremental_execution=True,
        ),
    )
