"""`[cache]`: where answers and records are stored, and when vendors' answers expire."""

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from linkweave.settings.lifetimes import DAY_SECONDS, FreshSeconds
from linkweave.settings.values import SettingsModel

_DATABASE: Final = re.compile(r"/?|/\d{1,4}")


def _cache_url(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text != "memory://" and not _is_server(text):
        raise PydanticCustomError(
            "cache_url",
            "must be memory://, or redis:// or rediss:// with a host and, where needed, user, password, port and "
            "number of the database, such as redis://user:password@cache.example.com:6379/0, and nothing more",
        )
    return value


def _is_server(text: str) -> bool:
    try:
        parts = urlsplit(text)
        has_address = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = text.isprintable() and not re.search(r"[\s?#\\]", text)
    return plain and has_address and parts.scheme in {"redis", "rediss"} and bool(_DATABASE.fullmatch(parts.path))


class CacheSettings(SettingsModel):
    """Where everything is stored that outlives a request. `url` may contain a password, and is never shown.

    `max_bytes` bounds the store in memory; `prefix` and `timeout_seconds` are for a server. While the server cannot
    store an idempotency key, `unstored_idempotency_keys` says whether its create is refused. `operation_bytes` bounds
    the response cache of each process. With `public`, caches in front of the gateway may store responses. The other
    keys are for vendors' answers; without `enabled` none is stored.
    """

    url: Annotated[SecretStr, AfterValidator(_cache_url)] = SecretStr("memory://")
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "linkweave"
    max_bytes: int = Field(default=64_000_000, ge=1_000_000)
    timeout_seconds: float = Field(default=0.1, gt=0, le=5)
    unstored_idempotency_keys: Literal["refuse", "accept"] = "refuse"
    operation_bytes: int = Field(default=32_000_000, ge=0)
    public: bool = False
    enabled: bool = True
    stale_seconds: float = Field(default=DAY_SECONDS, ge=0, le=7 * DAY_SECONDS)
    not_found_seconds: float = Field(default=10, ge=0, le=3600)
    fresh_seconds: FreshSeconds | None = None
