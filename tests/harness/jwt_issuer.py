"""An issuer of tokens: keys, key sets, and tokens signed with them, right and wrong."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx2
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from harness.virtual_time import NOW

ISSUER: Final = "https://id.test/"
AUDIENCE: Final = "linkweave"
URL: Final = "https://id.test/keys?version=1"
AT: Final = int(NOW.timestamp())

# The default claims of a token. It is valid for an hour.
CLAIMS: Final[dict[str, Any]] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "ann",
    "iat": AT - 60,
    "exp": AT + 3_540,
    "scope": "openid read write",
    "accounts": ["picsee-main"],
}


@cache
def rsa_key(number: int = 0, bits: int = 2_048) -> rsa.RSAPrivateKey:
    """One key per number; they cost too much to be made for every test."""
    del number
    return rsa.generate_private_key(65_537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def jwk(key: Any, name: str | None, **more: object) -> dict[str, Any]:
    """The public half of `key`, as a key set has it."""
    kinds = {rsa.RSAPrivateKey: RSAAlgorithm, ec.EllipticCurvePrivateKey: ECAlgorithm}
    kind: Any = next((kinds[each] for each in kinds if isinstance(key, each)), OKPAlgorithm)
    named = {} if name is None else {"kid": name}
    return {**json.loads(kind.to_jwk(key.public_key())), **named, **more}


def key_set(*keys: object) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def pem(key: Any) -> bytes:
    encoding, kind = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    written: bytes = key.public_key().public_bytes(encoding, kind)
    return written


def token(key: Any = None, kid: str | None = "a", algorithm: str = "RS256", **changes: object) -> str:
    """A token of the issuer; a claim that is changed to None is left out."""
    claims = {claim: value for claim, value in {**CLAIMS, **changes}.items() if value is not None}
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims, key or rsa_key(), algorithm, headers=headers)


@dataclass
class Issuer(httpx2.AsyncBaseTransport):
    """The server with the issuer's keys: answers one after the other, the last one for good."""

    answers: Sequence[httpx2.Response | Exception | bytes]
    asked: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(str(request.url))
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, bytes):
            return httpx2.Response(200, stream=httpx2.ByteStream(answer))
        return answer
