"""The caller and the gateway: what a front end asks before it shows anything."""

from enum import Enum

import strawberry

from linkweave.gather.session import Session
from linkweave.settings import Scope


class GatewayFeature(Enum):
    """Something that the operator of a gateway may turn on."""

    CATALOG = "CATALOG"
    SUBSCRIPTIONS = "SUBSCRIPTIONS"
    WEBHOOKS = "WEBHOOKS"
    SUBSCRIBERS = "SUBSCRIBERS"


@strawberry.type(description="The caller, and what it may do. `accounts` has the accounts that it may see.")
class Viewer:
    name: str = strawberry.field(
        description=(
            "The name of the client in the configuration. For a JSON Web Token, it is `jwt:` and the token's subject. "
            "It is `anonymous` where the gateway has no clients."
        )
    )
    scopes: list[Scope] = strawberry.field(description="The kinds of operations that the caller may send.")

    @classmethod
    def of(cls, session: Session) -> "Viewer":
        return cls(name=session.client, scopes=[each for each in Scope if each in session.rights.scopes])


@strawberry.type(description="The gateway itself.")
class Gateway:
    features: list[GatewayFeature] = strawberry.field(description="What the operator has turned on.")

    @classmethod
    def of(cls, session: Session) -> "Gateway":
        records = session.records
        is_on = {
            GatewayFeature.CATALOG: records.catalog is not None,
            GatewayFeature.SUBSCRIPTIONS: records.events is not None,
            GatewayFeature.WEBHOOKS: records.webhooks is not None,
            GatewayFeature.SUBSCRIBERS: records.catalog is not None and records.subscribers is not None,
        }
        return cls(features=[each for each in GatewayFeature if is_on[each]])
