"""Builds the schema, once per process."""

from functools import cache

from strawberry.schema.config import StrawberryConfig

from linkweave.providers.discovery import discover
from linkweave.schema.execution.schema import Schema
from linkweave.schema.inputs.descriptions import describe_inputs
from linkweave.schema.operations.mutation import Mutation
from linkweave.schema.operations.query import Query
from linkweave.schema.operations.subscription import Subscription
from linkweave.schema.scalars import SCALARS
from linkweave.schema.types.account import Account
from linkweave.schema.types.copy_plan import CopyPlan
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.enums.registration import describe_enums
from linkweave.schema.types.job import Job
from linkweave.schema.types.link import Link
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker
from linkweave.schema.types.upload import Upload
from linkweave.schema.types.webhook import Webhook


@cache
def build_schema() -> Schema:
    """Returns the schema that the gateway serves. All callers in a process share one."""
    describe_enums()
    describe_inputs(discover())
    return Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Account, Campaign, CopyPlan, Domain, Job, Link, Tag, Team, Tracker, Upload, Webhook],
        config=StrawberryConfig(
            scalar_map=dict(SCALARS),
            enable_experimental_incremental_execution=True,
        ),
    )
