"""`[catalog]`: the database of known links, and how it is kept in step with the vendors."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from linkweave.settings.lifetimes import DAY_SECONDS
from linkweave.settings.values import SettingsModel

_SQLITE: Final = "sqlite:///"


def _catalog_url(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text.isprintable() or not (_is_file(text) or _is_server(text)):
        raise PydanticCustomError(
            "catalog_url",
            "must be sqlite:/// and the path of a file, such as sqlite:///linkweave.db, or the address of a "
            "PostgreSQL database, such as postgresql://user:password@db.example.com:5432/linkweave",
        )
    return value


def _is_file(text: str) -> bool:
    path = text.removeprefix(_SQLITE)
    return text.startswith(_SQLITE) and bool(path) and not re.search(r"[?#]|:memory:", path) and path[-1] != "/"


def _is_server(text: str) -> bool:
    try:
        parts = urlsplit(text)
        has_address = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_address and parts.scheme == "postgresql" and bool(re.fullmatch(r"/[^/?#\s]+", parts.path))


class CatalogSettings(SettingsModel):
    """The catalog of known links. Without `url` there is none. `url` may contain a password, and is never shown.

    The newest links of an account are read every `newest_seconds`, all links every `full_walk_seconds`. Statistics of a
    link are read between every `statistics_min_seconds` and every `statistics_max_seconds`, more often while it is
    clicked. All of this may use `share_of_rate` of a vendor's rate, and `share_of_quota` of a day's remaining calls.
    """

    url: Annotated[SecretStr, AfterValidator(_catalog_url)] | None = None
    newest_seconds: float = Field(default=60, ge=1, le=DAY_SECONDS)
    full_walk_seconds: float = Field(default=DAY_SECONDS / 4, ge=1, le=7 * DAY_SECONDS)
    statistics_min_seconds: float = Field(default=300, ge=1, le=DAY_SECONDS)
    statistics_max_seconds: float = Field(default=DAY_SECONDS, ge=1, le=7 * DAY_SECONDS)
    share_of_rate: float = Field(default=0.5, gt=0, le=1)
    share_of_quota: float = Field(default=0.2, gt=0, le=1)

    @model_validator(mode="after")
    def _check_intervals(self) -> "CatalogSettings":
        if self.statistics_min_seconds > self.statistics_max_seconds:
            raise PydanticCustomError("intervals", "statistics_min_seconds must not exceed statistics_max_seconds")
        return self
