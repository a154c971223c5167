"""Everything that can go wrong, as one tree.

LinkweaveError                 has a code, a message for callers, and says if asking again is safe
├── InvalidInputError          the caller's argument: names the field and what is allowed
├── ScopeMissingError          the caller may not send such an operation; nothing was asked
└── VendorError                concerns one account and one operation at its vendor
    ├── UnsupportedError       the vendor's API cannot say this, or not for this account; nothing was changed
    ├── NotFoundError
    ├── ConflictError
    ├── RejectedError          any other refusal, with the vendor's own code
    ├── InvalidFileError       a file of a type or size that is not taken, by the settings or by the vendor
    ├── UnauthenticatedError   the gateway's credentials were refused
    ├── ForbiddenError
    ├── PlanRequiredError
    ├── QuotaExhaustedError
    │   └── QuotaKnownExhaustedError  by the gateway, which was told so a moment ago; no call was made
    ├── RateLimitedError
    │   └── LocalRateLimitError      by the gateway, to keep the vendor's limit; no call was made
    ├── VendorTimeoutError
    ├── UnavailableError
    │   └── CircuitOpenError   by the gateway, because the vendor has failed too often; no call was made
    ├── BadResponseError       truncated, too big, not JSON, or of another shape
    └── AmbiguousError         a write that broke after it was sent

ConfigurationError             stands outside: it stops the start and names file, key and remedy
"""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar, Self


class ErrorCode(Enum):
    """The words in which clients are told what went wrong."""

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
    """The configuration cannot be used; the message names the key, what is wrong and the remedy."""


class LinkweaveError(Exception):
    """Base of all that callers may be told."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def extensions(self) -> dict[str, object]:
        """What graphql-core puts into the `extensions` of the error it makes of this."""
        return {"code": self.code.value}


class InvalidInputError(LinkweaveError):
    """An argument is wrong. `field` is its path in dots; the message says what is allowed."""

    code = ErrorCode.INVALID_INPUT

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field

    @property
    def extensions(self) -> dict[str, object]:
        """The code and the field at fault."""
        return {"code": self.code.value, "field": self.field}


class ScopeMissingError(LinkweaveError):
    """The caller may not send such an operation. Nothing was asked."""

    code = ErrorCode.FORBIDDEN

    def __init__(self, needed: str, held: Sequence[str]) -> None:
        has = f"has {', '.join(held)}" if held else "has none"
        super().__init__(f'this operation needs the scope "{needed}"; the caller {has}')


class VendorError(LinkweaveError):
    """A vendor did not answer as asked.

    Args:
        message: safe to show: never a body, a URL or a credential of the vendor's.
        account: the account's key.
        operation: what was asked, in words, e.g. "list links".
        provider_code: the vendor's own code.
        retry_after: seconds after which asking again makes sense.
        field: the field of the input at fault, in snake case, where the vendor says so.
    """

    safe_to_repeat: ClassVar[bool] = False

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

    def again(self) -> Self:
        """Another instance that says the same, for another one who has to be told."""
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
        """Code, account, and what else is known."""
        known = {
            "code": self.code.value,
            "account": self.account,
            "providerCode": self.provider_code,
            "retryAfterSeconds": self.retry_after,
        }
        return {name: value for name, value in known.items() if value is not None}


class UnsupportedError(VendorError):
    """The vendor's API cannot say this, or has it turned off for this account. Nothing was changed."""

    code = ErrorCode.UNSUPPORTED


class NotFoundError(VendorError):
    """The vendor knows no such thing."""

    code = ErrorCode.NOT_FOUND


class ConflictError(VendorError):
    """Something is in the way, such as a slug that is taken."""

    code = ErrorCode.CONFLICT


class RejectedError(VendorError):
    """The vendor refused, for a reason that has no code of its own here."""

    code = ErrorCode.REJECTED


class InvalidFileError(VendorError):
    """The file is of a type or a size that the vendor does not take, or no file at all."""

    code = ErrorCode.INVALID_INPUT


class UnauthenticatedError(VendorError):
    """The vendor does not accept the gateway's credentials."""

    code = ErrorCode.UNAUTHENTICATED


class ForbiddenError(VendorError):
    """The credentials are good but may not do this."""

    code = ErrorCode.FORBIDDEN


class PlanRequiredError(VendorError):
    """The account's plan does not include this."""

    code = ErrorCode.PLAN_REQUIRED


class QuotaExhaustedError(VendorError):
    """A counter of the plan is used up."""

    code = ErrorCode.QUOTA_EXHAUSTED


class QuotaKnownExhaustedError(QuotaExhaustedError):
    """The gateway made no call, because the account's calls are used up. It says nothing new of how the vendor is."""


class RateLimitedError(VendorError):
    """Too many calls: either the vendor said so or the gateway kept its limit for it."""

    code = ErrorCode.RATE_LIMITED
    safe_to_repeat = True


class LocalRateLimitError(RateLimitedError):
    """The gateway made no call, to keep the vendor's limit. It says nothing of how the vendor is."""


class VendorTimeoutError(VendorError):
    """No complete answer in time."""

    code = ErrorCode.TIMEOUT
    safe_to_repeat = True


class UnavailableError(VendorError):
    """Refused, reset, or a server error."""

    code = ErrorCode.UNAVAILABLE
    safe_to_repeat = True


class CircuitOpenError(UnavailableError):
    """The gateway made no call, because the latest ones have failed. It says nothing new of how the vendor is."""


class BadResponseError(VendorError):
    """The answer is not what the vendor documents; its body is never part of this."""

    code = ErrorCode.BAD_RESPONSE


class AmbiguousError(VendorError):
    """A write broke after it was sent: it may have happened."""

    code = ErrorCode.AMBIGUOUS
