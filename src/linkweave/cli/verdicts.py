"""The findings of `linkweave check` in words: what was asked, of whom, what the answer means, and what to do."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from linkweave.cli.check import CACHE, CATALOG, Finding
from linkweave.errors import ErrorCode

WORKS: Final = "works"
USELESS: Final = "cannot be used"
UNKNOWN: Final = "not known"
_VERDICTS: Final = (WORKS, USELESS, UNKNOWN)
_NOTHING: Final = "nothing"
_UNREACHABLE: Final = (
    "Nothing usable came from this address. Whether the credentials are right is not known.",
    "Check base_url, [network] and this machine's network. If the vendor is down, check again later.",
)
# What an account's failure means, and what to do.
_FAILURES: Final[Mapping[ErrorCode, tuple[str, str]]] = MappingProxyType(
    {
        ErrorCode.FORBIDDEN: (
            "The vendor knows the credentials, but they may not do this.",
            "Give them the right at the vendor, or configure others.",
        ),
        ErrorCode.PLAN_REQUIRED: (
            "The vendor knows the credentials, but the account's plan does not include its API.",
            "Change or renew the plan at the vendor.",
        ),
        ErrorCode.RATE_LIMITED: (
            "The vendor takes no more calls at present. Whether the credentials are right is not known.",
            "Check again later.",
        ),
        ErrorCode.UNSUPPORTED: (
            "The provider has no call with which an account can be checked.",
            "Send a query for this account.",
        ),
    }
)
_OTHER: Final = (
    "The vendor answered, but refused the call.",
    "See the reason, and the vendor's page in docs/providers.",
)


def verdict_cells(found: Finding) -> list[str]:
    """Returns the cells of the row of `found`: account, verdict, asked, answer, meaning, to do."""
    meaning, remedy = _WORDS.get(found.account, _account_words)(found)
    return [found.account, _verdict(found), _question(found), _answer(found), meaning, remedy]


def summary(findings: Sequence[Finding]) -> str:
    """Returns how many have each verdict, and the names of those that do not work."""
    names = {verdict: [found.account for found in findings if _verdict(found) == verdict] for verdict in _VERDICTS}
    parts = [f"{verdict}: {len(names[verdict])} of {len(findings)}" for verdict in _VERDICTS if names[verdict]]
    others = ", ".join(names[USELESS] + names[UNKNOWN])
    return f"{'; '.join(parts)}{f' ({others})' if others else ''}"


def _verdict(found: Finding) -> str:
    if found.failure is None:
        return WORKS
    return UNKNOWN if found.failure in {ErrorCode.UNSUPPORTED, ErrorCode.RATE_LIMITED} else USELESS


def _question(found: Finding) -> str:
    if found.account == CACHE:
        return "the server at cache.url: to write, read and delete, with every command that Linkweave uses"
    if found.account == CATALOG:
        return f"the {found.provider} database at catalog.url: to write"
    if found.reachable is None:
        return f"{found.provider}: nothing"
    return f"{found.provider} at {found.address}: one call with this account's credentials"


def _answer(found: Finding) -> str:
    if found.reachable is None:
        return "-"
    usable = "accepted" if found.failure is None else "refused"
    return f"{usable if found.reachable else 'nothing usable'} after {found.seconds * 1000:.0f} ms"


def _cache_words(found: Finding) -> tuple[str, str]:
    if found.failure is None:
        return "The server can be used.", _NOTHING
    return f"Workers and gateways share nothing: {found.reason}.", "See docs/operations.md, The cache server."


def _catalog_words(found: Finding) -> tuple[str, str]:
    if found.failure is None:
        return "The database can be used.", _NOTHING
    meaning = f"Fields that need the catalog fail, and nothing enters it: {found.reason}."
    return meaning, "See docs/operations.md, The catalog's database."


def _account_words(found: Finding) -> tuple[str, str]:
    accepted = "The vendor accepts the credentials."
    if found.failure is None:
        gaps = "; ".join(found.missing)
        lacks = f" The plan lacks: {'; '.join(found.plan_gaps)}." if found.plan_gaps else ""
        if gaps:
            return f"{accepted} But: {gaps}.{lacks}", "Correct this account's table, or its rights at the vendor."
        return accepted + lacks, _NOTHING
    meaning, remedy = _failure_words(found)
    return f"{meaning} Reason: {found.reason}.", remedy


def _failure_words(found: Finding) -> tuple[str, str]:
    if found.failure is ErrorCode.UNAUTHENTICATED:
        keys = " and ".join(f"`{key}`" for key in found.credentials) or "the credentials"
        return "The vendor does not accept the credentials.", f"Correct {keys} of this account."
    if found.reachable is False:
        return _UNREACHABLE
    return _FAILURES.get(found.failure or ErrorCode.INTERNAL, _OTHER)


_WORDS: Final[Mapping[str, Callable[[Finding], tuple[str, str]]]] = MappingProxyType(
    {CACHE: _cache_words, CATALOG: _catalog_words}
)
