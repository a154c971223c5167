"""Verifies JSON Web Tokens of one issuer with PyJWT, and reads the caller from their claims."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import jwt

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.edge.auth.callers import Caller
from linkweave.edge.auth.jwks import KeySource
from linkweave.gather.rights import Rights
from linkweave.settings import JwtSettings, Scope
from linkweave.settings.clients import EVERY_ACCOUNT

# Seconds after which a token that is still valid is verified again.
VERIFIED_SECONDS: Final = 60
# Maximum number of verified tokens that are remembered.
MAX_VERIFIED: Final = 1_000

_MAX_SUBJECT: Final = 200
_DOTS: Final = 2
# PyJWT reads the machine's own clock. The three times are checked here, by the gateway's clock.
_OPTIONS: Final[Any] = {
    "require": ["exp", "iss", "aud", "sub"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "enforce_minimum_key_length": True,
}


class TokenRejectedError(Exception):
    """The issuer's token is not valid here or at this time. The message says why, for its bearer."""


class JwtVerifier:
    """Verifies tokens, and remembers for a while which ones it has verified."""

    def __init__(self, settings: JwtSettings, keys: KeySource, accounts: frozenset[str], clock: Clock) -> None:
        self._settings = settings
        self._keys = keys
        self._accounts = accounts
        self._clock = clock
        self._verified: LruDict[bytes, tuple[Caller, float]] = LruDict(max_entries=MAX_VERIFIED)

    async def find(self, token: bytes) -> Caller | None:
        """Returns the bearer of `token`; None if the issuer has not signed it.

        Raises:
            TokenRejectedError: the issuer has signed it, but it is not valid here or at this time.
            RequestRejectedError: the issuer's keys are unavailable at the moment.
        """
        if token.count(b".") != _DOTS:
            return None
        digest, now = sha256(token).digest(), self._clock.now().timestamp()
        known = self._verified.get(digest)
        if known is not None and now < known[1]:
            return known[0]
        claims = await self._verify(token.decode("ascii"))
        if claims is None:
            return None
        until = self._valid_until(claims, now)
        caller = self._caller(claims)
        self._verified.put(digest, (caller, min(until, now + VERIFIED_SECONDS)))
        return caller

    async def _verify(self, token: str) -> dict[str, Any] | None:
        """Returns the claims of `token`, if the issuer has signed it for this gateway."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            return None
        algorithm = next((each for each in self._settings.algorithms if each == header.get("alg")), None)
        key = None if algorithm is None else await self._keys.find(header.get("kid"), algorithm)
        if algorithm is None or key is None:
            return None
        audience, issuer = self._settings.audience, self._settings.issuer
        try:
            return jwt.decode(token, key.verifier, [algorithm], options=_OPTIONS, audience=audience, issuer=issuer)
        except (jwt.MissingRequiredClaimError, jwt.InvalidAudienceError, jwt.InvalidIssuerError) as error:
            problem = _problem(error)
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        raise TokenRejectedError(problem)

    def _valid_until(self, claims: Mapping[str, Any], now: float) -> float:
        leeway = self._settings.leeway_seconds
        until = _seconds(claims, "exp") + leeway
        # Both comparisons are false for NaN, which therefore is refused.
        if not now < until:
            raise TokenRejectedError("it has expired")
        if any(claim in claims and not _seconds(claims, claim) - leeway <= now for claim in ("nbf", "iat")):
            raise TokenRejectedError("it is not valid yet")
        return until

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= _MAX_SUBJECT:
            raise TokenRejectedError(f"its sub must be 1 to {_MAX_SUBJECT} printable characters")
        scopes, accounts = (
            _words(claims.get(claim)) for claim in (self._settings.scopes_claim, self._settings.accounts_claim)
        )
        granted = frozenset(scope for scope in Scope if scope.value in scopes)
        visible = None if EVERY_ACCOUNT in accounts else self._accounts & accounts
        # No client's name has a colon, so that a bearer and a client never have the same name.
        return Caller(f"jwt:{subject}", Rights(granted, visible), self._settings.requests_per_minute, expires=True)


def _problem(error: jwt.PyJWTError) -> str:
    match error:
        case jwt.MissingRequiredClaimError():
            return f"it has no {error.claim}"
        case jwt.InvalidAudienceError():
            return "its aud is another"
        case _:
            return "its iss is another"


def _seconds(claims: Mapping[str, Any], claim: str) -> float:
    value = claims[claim]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRejectedError(f"its {claim} must be a number")
    return value


def _words(value: object) -> frozenset[str]:
    """Returns the words of a claim that is a list, or a text with blanks between them."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
