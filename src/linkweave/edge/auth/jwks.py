"""The public keys that an issuer's tokens are verified with, as its key set has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
from jwt import PyJWK, PyJWTError

from linkweave.errors import ConfigurationError

# A key that is a shared secret: whoever can verify with it could sign with it too.
_SHARED: Final = "oct"


class UnusableKeysError(Exception):
    """What should be a key set is none; the message says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key: its name, the one algorithm that it is for where it says so, and what PyJWT verifies with."""

    name: str | None
    algorithm: str | None
    verifier: Any


class Keys(Protocol):
    """Where the key of a token is found."""

    async def find(self, name: str | None, algorithm: str) -> PublicKey | None:
        """The key called `name`, or the only one that there is for a token that names none.

        Raises:
            RefusedError: that cannot be found out now.
        """
        ...


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Keys that stay as they are."""

    keys: tuple[PublicKey, ...]

    async def find(self, name: str | None, algorithm: str) -> PublicKey | None:
        """The key called `name`, or the only one."""
        return choose(self.keys, name, algorithm)


def keys_in_file(path: Path, source: object) -> FixedKeys:
    """The keys in the file at `path`, which the configuration `source` names.

    Raises:
        ConfigurationError: it cannot be read, or is no key set.
    """
    try:
        return FixedKeys(parse_keys(path.read_bytes()))
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
    except UnusableKeysError as error:
        problem = str(error)
    raise ConfigurationError(f"{source}: jwt.jwks: {path} {problem}")


def choose(keys: Sequence[PublicKey], name: str | None, algorithm: str) -> PublicKey | None:
    """The key that a token signed with `algorithm` names; the only one there is for a token that names none."""
    named = keys if name is None and len(keys) == 1 else [key for key in keys if name is not None and key.name == name]
    return next((key for key in named if key.algorithm in {None, algorithm}), None)


def parse_keys(document: bytes) -> tuple[PublicKey, ...]:
    """The keys in a JSON Web Key Set that signatures can be verified with.

    Raises:
        UnusableKeysError: it is no key set, or has no such key.
    """
    try:
        decoded = orjson.loads(document)
    except orjson.JSONDecodeError:
        raise UnusableKeysError("is not JSON") from None
    listed = decoded.get("keys") if isinstance(decoded, dict) else None
    if not isinstance(listed, list):
        raise UnusableKeysError('is no JSON Web Key Set: it needs the member "keys", a list')
    keys = tuple(_usable(listed))
    if not keys:
        raise UnusableKeysError("has no public key that signatures can be verified with")
    return keys


def _usable(listed: Sequence[object]) -> Iterator[PublicKey]:
    """Sets may have keys of kinds that nobody here knows; they are passed over."""
    for each in listed:
        if not isinstance(each, dict) or each.get("kty") == _SHARED or each.get("use", "sig") != "sig":
            continue
        name, algorithm = each.get("kid"), each.get("alg")
        if not isinstance(name, str | None) or not isinstance(algorithm, str | None):
            continue
        try:
            key = PyJWK(each)
        # Others than PyJWT's own are those of what it looks into without a look at its type.
        except (PyJWTError, ValueError, TypeError, KeyError, AttributeError):
            continue
        yield PublicKey(name, algorithm, key.key)
