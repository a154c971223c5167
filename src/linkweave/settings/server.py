"""`[server]`: the address of the gateway, and the bounds of a request."""

from typing import Annotated

from pydantic import AfterValidator, Field

from linkweave.settings.origins import HeaderName, HostName, Origin
from linkweave.settings.values import MAX_DEADLINE_SECONDS, BaseUrl, Secret, SettingsModel, is_loopback


def _without_slash(value: str) -> str:
    return value.rstrip("/")


class ServerSettings(SettingsModel):
    """The address of the gateway, and how long and how large a request may be.

    A body has at most `max_body_bytes`. A request with files has `upload_deadline_seconds` instead of
    `deadline_seconds`, and at most `max_upload_bytes`; all that are read at once have at most `max_spooled_bytes`.
    `secret` signs cursors; without one the process generates it, and cursors do not outlive the process. Pages of
    `allowed_origins` have access from a browser, besides the gateway's own page, and may send `allowed_headers`
    besides those of common clients. `allowed_hosts` are names of the gateway, besides those of loopback. After a
    signal to stop, the process still serves for `drain_seconds`.
    Without `get_queries`, queries need POST. Without `subscriptions` there are none, and no WebSockets; each client has
    at most `max_streams` at once in a process. With `overview`, browsers get the overview page at the gateway's root.

    `public_url` is the address by which others reach the gateway, such as vendors with webhooks.

    `graphiql`, `introspection` and `suggestions` are for people who explore the schema. Without a value they are on if
    only this machine can reach the gateway.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    deadline_seconds: float = Field(default=10, gt=0, le=MAX_DEADLINE_SECONDS)
    upload_deadline_seconds: float = Field(default=120, gt=0, le=MAX_DEADLINE_SECONDS)
    max_body_bytes: int = Field(default=1_000_000, ge=10_000, le=100_000_000)
    max_upload_bytes: int = Field(default=25_000_000, ge=1_000_000, le=1_000_000_000)
    max_spooled_bytes: int = Field(default=200_000_000, ge=1_000_000, le=100_000_000_000)
    secret: Secret | None = None
    allowed_origins: tuple[Origin, ...] = ()
    allowed_headers: tuple[HeaderName, ...] = ()
    allowed_hosts: tuple[HostName, ...] = ()
    drain_seconds: float = Field(default=0, ge=0, le=60)
    get_queries: bool = True
    overview: bool = True
    subscriptions: bool = True
    max_streams: int = Field(default=250, ge=1, le=100_000)
    public_url: Annotated[BaseUrl, AfterValidator(_without_slash)] | None = None
    graphiql: bool | None = None
    introspection: bool | None = None
    suggestions: bool | None = None

    @property
    def serves_graphiql(self) -> bool:
        """Whether a browser that opens the endpoint gets GraphiQL."""
        return self._or_on_loopback(self.graphiql)

    @property
    def allows_introspection(self) -> bool:
        """Whether introspection queries are answered."""
        return self._or_on_loopback(self.introspection)

    @property
    def allows_suggestions(self) -> bool:
        """Whether the error for an unknown name suggests similar names."""
        return self._or_on_loopback(self.suggestions)

    def _or_on_loopback(self, setting: bool | None) -> bool:
        return is_loopback(self.host) if setting is None else setting
