"""`[server]`: where the gateway listens, and how long and how large a request may be."""

from pydantic import Field

from linkweave.settings.origins import HostName, Origin
from linkweave.settings.values import MAX_DEADLINE_SECONDS, Frozen, Secret, is_loopback


class ServerSettings(Frozen):
    """Where the gateway listens and how long an operation may take.

    A request is of at most `max_body_bytes`. One with files has `upload_deadline_seconds` in place of
    `deadline_seconds`, and `max_upload_bytes` bounds all of it. `secret` signs cursors. Without one it is drawn at
    start, and cursors do not outlive the process. Pages of `allowed_origins` may ask from a browser, beside the
    gateway's own; `allowed_hosts` are names under which it is reached, beside those of loopback. A process that is
    told to end goes on for `drain_seconds` first.

    `graphiql`, `introspection` and `suggestions` are for people who explore the schema. Where they are not said, they
    are on if only this machine reaches the gateway.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    deadline_seconds: float = Field(default=10, gt=0, le=MAX_DEADLINE_SECONDS)
    upload_deadline_seconds: float = Field(default=120, gt=0, le=MAX_DEADLINE_SECONDS)
    max_body_bytes: int = Field(default=1_000_000, ge=10_000, le=100_000_000)
    max_upload_bytes: int = Field(default=25_000_000, ge=1_000_000, le=1_000_000_000)
    secret: Secret | None = None
    allowed_origins: tuple[Origin, ...] = ()
    allowed_hosts: tuple[HostName, ...] = ()
    drain_seconds: float = Field(default=0, ge=0, le=60)
    graphiql: bool | None = None
    introspection: bool | None = None
    suggestions: bool | None = None

    @property
    def serves_graphiql(self) -> bool:
        """Whether browsers get GraphiQL."""
        return self._or_alone(self.graphiql)

    @property
    def tells_schema(self) -> bool:
        """Whether the schema is told to those who ask for it."""
        return self._or_alone(self.introspection)

    @property
    def suggests_names(self) -> bool:
        """Whether an unknown name is answered with those that it may have meant."""
        return self._or_alone(self.suggestions)

    def _or_alone(self, said: bool | None) -> bool:
        return is_loopback(self.host) if said is None else said
