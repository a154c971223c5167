"""Everything that can go wrong, as one tree.

LinkweaveError                 has a code and a message for callers
├── InvalidInputError          the caller's argument; names the field and what is allowed
├── ScopeMissingError          the caller may not send such an operation; no call was made
├── CatalogMissingError        the gateway has no catalog, and the field needs one
├── SubscriptionsOffError      the settings turn subscriptions off
├── WebhooksOffError           the settings have no secret for the addresses of webhooks
├── SubscriberClientError      only a token tells the rights of the caller, so nothing can be sent later
├── QrCodeOverflowError        the short URL is longer than a QR code can hold
├── CatalogUnavailableError    the catalog's database cannot be used, or refused a statement
└── VendorError                concerns one account and one operation at its vendor
    ├── UnsupportedError       the vendor's API cannot express the request, or not for this account
    │   ├── LinksNotCountedError   by the gateway, because the account has more links than it counts at once
    │   └── LinkNotCountedError    the owner of the link has switched its counting off
    ├── NotFoundError
    ├── ConflictError
    ├── RejectedError          any other refusal, with the vendor's own code
    ├── InvalidFileError       a file of a type or size that the settings or the vendor do not allow
    ├── InvalidChoiceError     a value that the account does not have, or a missing one of several that it has
    ├── UnauthenticatedError   the vendor refused the gateway's credentials
    ├── ForbiddenError
    ├── PlanRequiredError
    ├── QuotaExhaustedError
    │   └── QuotaKnownExhaustedError  by the gateway, because the vendor refused a moment ago
    ├── RateLimitedError
    │   └── LocalRateLimitError      by the gateway, to stay within the vendor's limit
    │       └── TooManyCallsError    by the gateway, before the first of more calls than the deadline allows
    ├── VendorTimeoutError
    ├── UnavailableError
    │   └── CircuitOpenError   by the gateway, because the vendor has failed too often
    ├── BadResponseError       truncated, not JSON, or of another shape
    │   └── TooLargeAnswerError    by the gateway, which reads no more of an answer than its call allows
    └── AmbiguousError         a write that broke after it was sent

ConfigurationError             stands outside: it stops the start, and names file, key and remedy
"""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar, Self


class ErrorCode(Enum):
    """The code of an error, as callers see it in GraphQL."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    UNSUPPORTED = "UNSUPPORTED"
    REJECTED = "REJECTED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    PLAN_REQUIRED = "PLAN_REQUIRED"
    QUOTA_EXHAUSTED = "QUOTA_EXHAUSTED"
    RATE_LIMITED = "RATE_LIMITED"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    BAD_RESPONSE = "BAD_RESPONSE"
    AMBIGUOUS = "AMBIGUOUS"
    INTERNAL = "INTERNAL"


class ConfigurationError(Exception):
    """The configuration cannot be used. The message names the key, the problem and the remedy."""


class LinkweaveError(Exception):
    """Base of all errors that callers may see."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def extensions(self) -> dict[str, object]:
        """The `extensions` of the GraphQL error that graphql-core creates from this."""
        return {"code": self.code.value}


class InvalidInputError(LinkweaveError):
    """An argument is wrong. `field` is its path, with dots; the message says what is allowed."""

    code = ErrorCode.INVALID_INPUT

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field

    @property
    def extensions(self) -> dict[str, object]:
        """The code and the field at fault."""
        return {"code": self.code.value, "field": self.field}


class ScopeMissingError(LinkweaveError):
    """The caller may not send such an operation. No call was made."""

    code = ErrorCode.FORBIDDEN

    def __init__(self, needed: str, held: Sequence[str]) -> None:
        has = f"has {', '.join(held)}" if held else "has none"
        super().__init__(f'this operation needs the scope "{needed}"; the caller {has}')


class CatalogMissingError(LinkweaveError):
    """The gateway has no catalog, and `field` needs one."""

    code = ErrorCode.UNSUPPORTED

    def __init__(self, field: str) -> None:
        remedy = 'add url to [catalog] in the configuration, such as url = "sqlite:///linkweave.db"'
        super().__init__(f"{field} needs the catalog, and this gateway has none; {remedy}")


class SubscriptionsOffError(LinkweaveError):
    """The gateway serves no subscriptions."""

    code = ErrorCode.UNSUPPORTED

    def __init__(self) -> None:
        super().__init__("this gateway has no subscriptions: server.subscriptions is off")


class WebhooksOffError(LinkweaveError):
    """The gateway takes no webhooks of vendors."""

    code = ErrorCode.UNSUPPORTED

    def __init__(self) -> None:
        remedy = "add a secret to [hooks] in the configuration, such as `openssl rand -hex 32` prints"
        super().__init__(f"this gateway takes no webhooks of providers; {remedy}")


class SubscriberClientError(LinkweaveError):
    """Only a token tells the rights of the caller. They could not be checked when an event happens."""

    code = ErrorCode.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(
            "a JSON Web Token cannot make subscribers, because its rights could not be checked when an event happens; "
            "send the token of a client of [[clients]], or use a GraphQL subscription"
        )


class QrCodeOverflowError(LinkweaveError):
    """The short URL is longer than a QR code can hold."""

    code = ErrorCode.UNSUPPORTED

    def __init__(self) -> None:
        super().__init__("the short URL is longer than a QR code can hold, which is 2953 bytes")


class CatalogUnavailableError(LinkweaveError):
    """The catalog's database cannot be used, or refused a statement. `reason` says why, in words without a secret.

    `lasts` tells that the next attempt will probably fail in the same way.
    """

    code = ErrorCode.UNAVAILABLE

    def __init__(self, reason: str, *, lasts: bool = True) -> None:
        super().__init__(f"the catalog's database {reason}")
        self.reason = reason
        self.lasts = lasts


class VendorError(LinkweaveError):
    """A call to a vendor had no good answer.

    Args:
        message: safe to show: never a body, a URL or a credential of the vendor.
        account: the account's key.
        operation: the call in words, e.g. "list links".
        provider_code: the vendor's own code.
        retry_after: seconds after which a repeated call makes sense.
        field: the field of the input at fault, in snake case, where the vendor says so.
    """

    kind: ClassVar[str | None] = None
    """Names the error where one worker reports it to another; None for an error that only its own worker may raise."""
    safe_to_repeat: ClassVar[bool] = False
    """Whether a read that failed in this way may be sent again."""

    def __init__(
        self,
        message: str,
        *,
        account: str,
        operation: str,
        provider_code: str | None = None,
        retry_after: float | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.account = account
        self.operation = operation
        self.provider_code = provider_code
        self.retry_after = retry_after
        self.field = field

    def copy(self) -> Self:
        """Another instance, because each task adds its own traceback to the instance that it raises."""
        return type(self)(
            self.message,
            account=self.account,
            operation=self.operation,
            provider_code=self.provider_code,
            retry_after=self.retry_after,
            field=self.field,
        )

    @property
    def extensions(self) -> dict[str, object]:
        """The code, the account, and what else is known."""
        known = {
            "code": self.code.value,
            "account": self.account,
            "providerCode": self.provider_code,
            "retryAfterSeconds": self.retry_after,
        }
        return {name: value for name, value in known.items() if value is not None}


class UnsupportedError(VendorError):
    """The vendor's API cannot express the request, or not for this account. Nothing was changed."""

    kind = "unsupported"
    code = ErrorCode.UNSUPPORTED


class LinksNotCountedError(UnsupportedError):
    """The gateway counted some of an account's links only: there are too many, or some could not be read."""

    kind = "links_not_counted"


class LinkNotCountedError(UnsupportedError):
    """The vendor does not count the clicks of this link, because its owner has switched that off."""

    kind = "link_not_counted"


class NotFoundError(VendorError):
    """The vendor has no such object."""

    kind = "not_found"
    code = ErrorCode.NOT_FOUND


class ConflictError(VendorError):
    """Another object is in the way, such as a link with the same slug."""

    kind = "conflict"
    code = ErrorCode.CONFLICT


class RejectedError(VendorError):
    """The vendor refused, for a reason that has no code of its own here."""

    kind = "rejected"
    code = ErrorCode.REJECTED


class InvalidFileError(VendorError):
    """The file has a type or a size that is not allowed, or is missing. Only writes raise it."""

    code = ErrorCode.INVALID_INPUT


class InvalidChoiceError(VendorError):
    """The input names none of what the account has, such as its teams; the message says what there is.

    Only writes raise it.
    """

    code = ErrorCode.INVALID_INPUT


class UnauthenticatedError(VendorError):
    """The vendor does not accept the gateway's credentials."""

    kind = "unauthenticated"
    code = ErrorCode.UNAUTHENTICATED


class ForbiddenError(VendorError):
    """The credentials are valid, but not for this call."""

    kind = "forbidden"
    code = ErrorCode.FORBIDDEN


class PlanRequiredError(VendorError):
    """The account's plan does not include this call."""

    kind = "plan_required"
    code = ErrorCode.PLAN_REQUIRED


class QuotaExhaustedError(VendorError):
    """A quota of the plan is used up."""

    kind = "quota_exhausted"
    code = ErrorCode.QUOTA_EXHAUSTED


class QuotaKnownExhaustedError(QuotaExhaustedError):
    """The gateway made no call, because the account's quota is used up. It says nothing about the vendor's health."""

    kind = "quota_known_exhausted"


class RateLimitedError(VendorError):
    """Too many calls: the vendor said so, or the gateway counted them."""

    kind = "rate_limited"
    code = ErrorCode.RATE_LIMITED
    safe_to_repeat = True


class LocalRateLimitError(RateLimitedError):
    """The gateway made no call, to stay within the vendor's limit. It says nothing about the vendor's health."""

    kind = "local_rate_limit"


class TooManyCallsError(LocalRateLimitError):
    """The gateway began none of the calls, because the vendor's rate does not allow all of them before the deadline."""

    kind = "too_many_calls"
    safe_to_repeat = False
    calls: int = 0
    max_calls: int = 0

    def copy(self) -> Self:
        """Another instance with the same numbers."""
        other = super().copy()
        other.calls, other.max_calls = self.calls, self.max_calls
        return other

    @property
    def extensions(self) -> dict[str, object]:
        """The number of calls that were needed and of those that were possible, besides what every error has."""
        cost = {"calls": self.calls, "max": self.max_calls}
        return {**super().extensions, "cost": cost} if self.calls else super().extensions


class VendorTimeoutError(VendorError):
    """No complete answer in time."""

    kind = "timeout"
    code = ErrorCode.TIMEOUT
    safe_to_repeat = True


class UnavailableError(VendorError):
    """The connection was refused or broken, or the vendor answered with a server error."""

    kind: ClassVar[str | None] = "unavailable"
    code = ErrorCode.UNAVAILABLE
    safe_to_repeat = True


class CircuitOpenError(UnavailableError):
    """The gateway made no call, because the latest calls have failed. It says nothing about the vendor's health."""

    # Each worker has a circuit of its own.
    kind = None


class BadResponseError(VendorError):
    """The answer is not what the vendor documents. Its body is never part of the error."""

    kind = "bad_response"
    code = ErrorCode.BAD_RESPONSE


class TooLargeAnswerError(BadResponseError):
    """The gateway stopped reading, because the answer has more bytes than its call allows."""

    kind = "too_large"


class AmbiguousError(VendorError):
    """A write broke after it was sent, so that it may have been made. No other worker waits for a write."""

    code = ErrorCode.AMBIGUOUS
