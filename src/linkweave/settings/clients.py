"""`[[clients]]` and `[jwt]`: which callers have access, to which operations and accounts."""

import re
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from linkweave.settings.problems import Problem
from linkweave.settings.suggestions import did_you_mean, shown
from linkweave.settings.values import Key, SettingsModel, has_plain_host, is_local

EVERY_ACCOUNT: Final = "*"


class Scope(StrEnum):
    """A kind of operation that a caller may send."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


def _digest(value: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise PydanticCustomError(
            "digest", "must be the SHA-256 of the token in 64 hexadecimal digits; `linkweave token` makes both"
        )
    return value.lower()


def _some_scope(value: tuple[Scope, ...]) -> tuple[Scope, ...]:
    if not value:
        raise PydanticCustomError("scopes", "must have at least one of read, write and admin")
    return value


def _some_account(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or (EVERY_ACCOUNT in value and len(value) > 1):
        raise PydanticCustomError("accounts", 'must name at least one account, or be ["*"] for every account')
    return value


def _file_or_url(value: str) -> str:
    if "://" in value:
        _check_url(value)
    elif not value.strip() or not value.isprintable():
        raise PydanticCustomError("jwks", "must be the path of a file, or an https:// URL")
    return value


def _check_url(value: str) -> None:
    try:
        parts = urlsplit(value)
        host, has_port = parts.hostname, parts.port != 0 and has_plain_host(parts)
    except ValueError:
        host, has_port = None, False
    plain = value.isprintable() and not any(sign in value for sign in " #@\\")
    if not host or not has_port or not plain or parts.scheme not in {"http", "https"}:
        raise PydanticCustomError(
            "jwks", "must be a URL such as https://id.example.com/keys, without user and fragment"
        )
    if parts.scheme == "http" and not is_local(host):
        raise PydanticCustomError(
            "jwks",
            "must begin with https://, or an attacker on the way could replace the keys; http:// is for loopback and "
            "private addresses, names without a dot, and names that end in .test",
        )


Digest = Annotated[str, AfterValidator(_digest)]
PerMinute = Annotated[int, Field(ge=1, le=1_000_000)]
NonEmptyText = Annotated[str, StringConstraints(min_length=1)]
Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
]  # fmt: skip


class ClientSettings(SettingsModel):
    """One client: its name, the SHA-256 of its token, what it may send, and which accounts it may see."""

    name: Key
    token_sha256: Digest = Field(repr=False)
    scopes: Annotated[tuple[Scope, ...], AfterValidator(_some_scope)] = (Scope.READ,)
    accounts: Annotated[tuple[str, ...], AfterValidator(_some_account)]
    requests_per_minute: PerMinute | None = None


class JwtSettings(SettingsModel):
    """The issuer whose tokens are accepted, and the claims that say what a bearer may do."""

    jwks: Annotated[str, AfterValidator(_file_or_url)]
    issuer: NonEmptyText
    audience: NonEmptyText
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256",)
    scopes_claim: NonEmptyText = "scope"
    accounts_claim: NonEmptyText = "accounts"
    leeway_seconds: float = Field(default=30, ge=0, le=300)
    requests_per_minute: PerMinute | None = None

    @property
    def keys_are_remote(self) -> bool:
        """Whether `jwks` is a URL and not a path."""
        return "://" in self.jwks


def client_problems(clients: Sequence[ClientSettings], accounts: Collection[object]) -> Iterator[Problem]:
    """Yields what is wrong with `clients` among each other and with the keys of `accounts`."""
    for index, client in enumerate(clients):
        earlier = clients[:index]
        if any(client.name == other.name for other in earlier):
            message = f"{shown(client.name)} is already used by another client"
            yield Problem(("clients", index, "name"), message, client.name)
        if any(client.token_sha256 == other.token_sha256 for other in earlier):
            message = "is the same as another client's; each needs a token of its own"
            yield Problem(("clients", index, "token_sha256"), message, client.name)
        unknown = [name for name in client.accounts if name != EVERY_ACCOUNT and name not in accounts]
        if unknown:
            yield Problem(("clients", index, "accounts"), _unknown_accounts(unknown, accounts), client.name)


def _unknown_accounts(unknown: Sequence[str], accounts: Collection[object]) -> str:
    known = [str(key) for key in accounts]
    words = "is not an account" if len(unknown) == 1 else "are no accounts"
    question = did_you_mean(unknown[0], known) if len(unknown) == 1 else ""
    return f'{", ".join(map(shown, unknown))} {words}; allowed: "*", or some of {", ".join(known)}{question}'
