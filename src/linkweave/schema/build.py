"""Puts the schema together, once per process."""

from functools import cache

from strawberry.schema.config import StrawberryConfig

from linkweave.providers.discovery import discover
from linkweave.schema.account import Account
from linkweave.schema.domain import Domain
from linkweave.schema.enums import describe_enums
from linkweave.schema.execution import Schema
from linkweave.schema.groups import Campaign, Team, Tracker
from linkweave.schema.input_descriptions import describe_inputs
from linkweave.schema.link import Link
from linkweave.schema.mutation import Mutation
from linkweave.schema.query import Query
from linkweave.schema.scalars import SCALARS
from linkweave.schema.tag import Tag
from linkweave.schema.upload import Upload
from linkweave.schema.webhook import Webhook


@cache
def build_schema() -> Schema:
    """The schema that the gateway serves, the same one for everybody in a process."""
    describe_enums()
    describe_inputs(discover())
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[Account, Campaign, Domain, Link, Tag, Team, Tracker, Upload, Webhook],
        config=StrawberryConfig(
            scalar_map=dict(SCALARS),
            enable_experimental_incremental_execution=True,
        ),
    )
