"""The enums of what callers may do, how complete an answer is, what went wrong, and the health of accounts."""

from typing import Final

from linkweave.errors import ErrorCode
from linkweave.gather.sources import SourceStatus
from linkweave.schema.types.enums.descriptions import Descriptions
from linkweave.schema.types.viewer import GatewayFeature
from linkweave.settings import Scope
from linkweave.transport.health import CircuitState, HealthState

GATEWAY: Final[Descriptions] = {
    GatewayFeature: (
        "Something that the operator of a gateway may turn on.",
        {
            "CATALOG": "The catalog of links: fields and arguments that need the catalog work.",
            "SUBSCRIPTIONS": "Subscriptions.",
            "WEBHOOKS": "The gateway takes webhooks of providers, and `listen` makes them there.",
            "SUBSCRIBERS": "The gateway posts events to the addresses that `createSubscriber` names.",
        },
    ),
    Scope: (
        "A kind of operation that a caller may send.",
        {
            "READ": "Queries and subscriptions.",
            "WRITE": "Mutations, except for `refresh`.",
            "ADMIN": "The mutation `refresh`, and the metrics of a gateway whose accounts the caller may all see.",
        },
    ),
    SourceStatus: (
        "Whether the data of an account is complete in a merged response.",
        {
            "OK": "All data is there.",
            "STALE": "The data is older than usual, because the call to the provider failed. `error` says why.",
            "PARTIAL": "Some data is missing. `error` or `notice` says why.",
            "FAILED": "All data of this account is missing. `error` says why.",
            "UNSUPPORTED": "The provider does not support this. It was not called.",
        },
    ),
    ErrorCode: (
        "The kind of an error. It is the same for all providers.",
        {
            "INVALID_INPUT": "An argument is wrong. The message names the argument and says what is allowed.",
            "NOT_FOUND": "The object does not exist at the provider.",
            "CONFLICT": "The request conflicts with existing data, for example a slug that is in use.",
            "UNSUPPORTED": (
                "The provider's API does not support this, and was not called. Or the gateway has no catalog."
            ),
            "REJECTED": "The provider rejected the request. `providerCode` is its own error code.",
            "UNAUTHENTICATED": "The provider did not accept the gateway's credentials.",
            "FORBIDDEN": "The gateway's credentials have no permission for this.",
            "PLAN_REQUIRED": "The account's plan does not include this.",
            "QUOTA_EXHAUSTED": "A quota of the account's plan is used up.",
            "RATE_LIMITED": "There were too many calls. `retryAfterSeconds` says how long to wait.",
            "TIMEOUT": "The provider did not answer in time.",
            "UNAVAILABLE": "The provider cannot be reached, or answers with server errors.",
            "BAD_RESPONSE": "The provider's answer does not match its documentation.",
            "AMBIGUOUS": "The connection broke after a change was sent. The provider may have made the change.",
            "INTERNAL": "An error in the gateway. Its log has the details under the request ID.",
        },
    ),
    HealthState: (
        "The health of an account.",
        {
            "UP": "The latest call succeeded.",
            "DEGRADED": "The latest call failed.",
            "DOWN": "Several calls in a row failed, or the provider did not accept the credentials.",
            "UNKNOWN": "The gateway has not called the account yet.",
        },
    ),
    CircuitState: (
        "The state of the circuit breaker of an account.",
        {
            "CLOSED": "The gateway calls the account.",
            "OPEN": "Too many calls failed. The gateway does not call the account for a while.",
            "HALF_OPEN": "The gateway tries one call to see whether the account works again.",
        },
    ),
}
