"""JSON Web Tokens of an issuer: verified by PyJWT, read into a caller."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import jwt

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.edge.auth.callers import Caller
from linkweave.edge.auth.jwks import Keys
from linkweave.gather.rights import Rights
from linkweave.settings import JwtSettings, Scope
from linkweave.settings.clients import EVERY_ACCOUNT

# A token that was verified need not be verified again for so long, if it is valid that long.
KNOWN_SECONDS: Final = 60
MAX_KNOWN: Final = 1_000

_MAX_SUBJECT: Final = 200
_DOTS: Final = 2
# PyJWT reads the machine's own clock, so that the three times are looked at here.
_OPTIONS: Final[Any] = {
    "require": ["exp", "iss", "aud", "sub"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "enforce_minimum_key_length": True,
}


class NotAcceptedError(Exception):
    """The token is its issuer's, but not good here or now; the message says why, for its bearer."""


class JwtTokens:
    """Reads tokens, and remembers for a moment which it has verified."""

    def __init__(self, settings: JwtSettings, keys: Keys, accounts: frozenset[str], clock: Clock) -> None:
        self._settings = settings
        self._keys = keys
        self._accounts = accounts
        self._clock = clock
        self._known: LruDict[bytes, tuple[Caller, float]] = LruDict(max_entries=MAX_KNOWN)

    async def find(self, token: bytes) -> Caller | None:
        """The bearer of `token`; None where it is no token of the issuer.

        Raises:
            NotAcceptedError: it is, but is not good here or now.
            RefusedError: that cannot be found out now.
        """
        if token.count(b".") != _DOTS:
            return None
        digest, now = sha256(token).digest(), self._clock.now().timestamp()
        known = self._known.get(digest)
        if known is not None and now < known[1]:
            return known[0]
        claims = await self._verified(token.decode("ascii"))
        if claims is None:
            return None
        until = self._valid_until(claims, now)
        caller = self._caller(claims)
        self._known.put(digest, (caller, min(until, now + KNOWN_SECONDS)))
        return caller

    async def _verified(self, token: str) -> dict[str, Any] | None:
        """The claims of `token`, if its signature is the issuer's, and it says that it is meant for this gateway."""
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
        raise NotAcceptedError(problem)

    def _valid_until(self, claims: Mapping[str, Any], now: float) -> float:
        leeway = self._settings.leeway_seconds
        until = _seconds(claims, "exp") + leeway
        # In this order a number that is none is refused too.
        if not now < until:
            raise NotAcceptedError("it has expired")
        if any(claim in claims and not _seconds(claims, claim) - leeway <= now for claim in ("nbf", "iat")):
            raise NotAcceptedError("it is not valid yet")
        return until

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= _MAX_SUBJECT:
            raise NotAcceptedError(f"its sub must be 1 to {_MAX_SUBJECT} printable characters")
        scopes, accounts = (
            _words(claims.get(claim)) for claim in (self._settings.scopes_claim, self._settings.accounts_claim)
        )
        held = frozenset(scope for scope in Scope if scope.value in scopes)
        seen = None if EVERY_ACCOUNT in accounts else self._accounts & accounts
        # A colon is in no client's name, so that the two are never the same.
        return Caller(f"jwt:{subject}", Rights(held, seen), self._settings.requests_per_minute, expires=True)


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
        raise NotAcceptedError(f"its {claim} must be a number")
    return value


def _words(value: object) -> frozenset[str]:
    """A claim that is a list, or words with blanks between."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
