"""Providers, the services that have accounts."""

from collections.abc import Iterable

import strawberry

from linkweave import models
from linkweave.models import Capability, Dimension, ExpiryPart
from linkweave.providers import record as providers
from linkweave.schema.context import Info
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.names import to_camel_case
from linkweave.schema.scalars import URL


@strawberry.type(description="A service that the gateway supports, such as PicSee or tiny.cc.")
class Provider:
    record: strawberry.Private[providers.Provider]
    id: strawberry.ID = strawberry.field(
        description='The ID of the provider in settings and filters, for example "picsee".'
    )
    name: str = strawberry.field(description="The name of the service.")
    documentation_url: URL | None = strawberry.field(description="The documentation of the service's API.")

    @classmethod
    def of(cls, record: providers.Provider) -> "Provider":
        return cls(
            record=record,
            id=strawberry.ID(record.id),
            name=record.name,
            documentation_url=URL(record.documentation_url),
        )

    @strawberry.field(description="The operations that this provider supports.")
    def capabilities(self) -> list[Capability]:
        return [each for each in models.Capability if each in self.record.capabilities]

    @strawberry.field(description="The dimensions that `stats.breakdown` supports for links of this provider.")
    def stats_dimensions(self) -> list[Dimension]:
        return [each for each in models.Dimension if each in self.record.stats_dimensions]

    @strawberry.field(description="The fields of `CreateLinkInput` that this provider supports.")
    def creatable_link_fields(self) -> list[str]:
        return _camel_case(self.record.creatable_fields)

    @strawberry.field(description="The fields of `UpdateLinkInput` that this provider supports.")
    def updatable_link_fields(self) -> list[str]:
        return _camel_case(self.record.updatable_fields)

    @strawberry.field(description="The fields of `UpdateLinkInput` that null clears at this provider.")
    def clearable_link_fields(self) -> list[str]:
        return _camel_case(self.record.clearable_fields)

    @strawberry.field(
        description=(
            "`creatableLinkFields` and `updatableLinkFields` in one list. It does not tell which of the two inputs has "
            "a field."
        )
    )
    def writable_link_fields(self) -> list[str]:
        return _camel_case(self.record.writable_fields)

    @strawberry.field(
        description=(
            "The fields of `ExpiryInput` that this provider supports, in the inputs where it supports `expiry`. It may "
            "take only some of them together."
        )
    )
    def expiry_parts(self) -> list[ExpiryPart]:
        return [each for each in models.ExpiryPart if each in self.record.expiry_parts]

    @strawberry.field(description="The configured accounts at this provider.")
    def accounts(self, info: Info) -> list[LazyAccount]:
        return [
            info.context.nodes.account(loaders)
            for loaders in info.context.session.accounts.values()
            if loaders.account.provider.id == self.record.id
        ]


def _camel_case(names: Iterable[str]) -> list[str]:
    return sorted(to_camel_case(name) for name in names)
