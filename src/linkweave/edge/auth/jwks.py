"""The public keys with which an issuer's tokens are verified: a JSON Web Key Set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
from jwt import PyJWK, PyJWTError

from linkweave.errors import ConfigurationError

# The type of a key that is a shared secret: it would let every verifier sign tokens, too.
_SHARED: Final = "oct"


class InvalidKeySetError(Exception):
    """A document is not a key set with usable keys. The message says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key's name, its one algorithm if it names one, and the object with which PyJWT verifies."""

    name: str | None
    algorithm: str | None
    verifier: Any


class KeySource(Protocol):
    """Where the key of a token is found."""

    async def find(self, name: str | None, algorithm: str) -> PublicKey | None:
        """Returns the key called `name`; for a token that names none, the only key.

        Raises:
            RequestRejectedError: the keys are unavailable at the moment.
        """
        ...


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """Keys that do not change."""

    keys: tuple[PublicKey, ...]

    async def find(self, name: str | None, algorithm: str) -> PublicKey | None:
        """Returns the key called `name`, or the only one."""
        return select_key(self.keys, name, algorithm)


def read_key_file(path: Path, source: object) -> StaticKeys:
    """Returns the keys in the file at `path`, which the configuration `source` names.

    Raises:
        ConfigurationError: it cannot be read, or is not a key set.
    """
    try:
        return StaticKeys(parse_keys(path.read_bytes()))
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
    except InvalidKeySetError as error:
        problem = str(error)
    raise ConfigurationError(f"{source}: jwt.jwks: {path} {problem}")


def select_key(keys: Sequence[PublicKey], name: str | None, algorithm: str) -> PublicKey | None:
    """Returns the key that a token signed with `algorithm` names; for a token that names none, the only key."""
    named = keys if name is None and len(keys) == 1 else [key for key in keys if name is not None and key.name == name]
    return next((key for key in named if key.algorithm in {None, algorithm}), None)


def parse_keys(document: bytes) -> tuple[PublicKey, ...]:
    """Returns the keys in a JSON Web Key Set with which signatures can be verified.

    Raises:
        InvalidKeySetError: it is not a key set, or has no such key.
    """
    try:
        decoded = orjson.loads(document)
    except orjson.JSONDecodeError:
        raise InvalidKeySetError("is not JSON") from None
    listed = decoded.get("keys") if isinstance(decoded, dict) else None
    if not isinstance(listed, list):
        raise InvalidKeySetError('is not a JSON Web Key Set: it needs the member "keys", a list')
    keys = tuple(_usable(listed))
    if not keys:
        raise InvalidKeySetError("has no public key with which signatures can be verified")
    return keys


def _usable(listed: Sequence[object]) -> Iterator[PublicKey]:
    """Yields the keys of a known kind. A set may have others, which are skipped."""
    for each in listed:
        if not isinstance(each, dict) or each.get("kty") == _SHARED or each.get("use", "sig") != "sig":
            continue
        name, algorithm = each.get("kid"), each.get("alg")
        if not isinstance(name, str | None) or not isinstance(algorithm, str | None):
            continue
        try:
            key = PyJWK(each)
        # PyJWT reads some members without checking their type, and then raises errors of Python's.
        except (PyJWTError, ValueError, TypeError, KeyError, AttributeError):
            continue
        yield PublicKey(name, algorithm, key.key)
