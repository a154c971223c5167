"""`[server]`: where the gateway listens, and how long and how large a request may be."""

from pydantic import Field

from linkweave.settings.origins import HostName, Origin
from linkweave.settings.values import MAX_DEADLINE_SECONDS, Frozen, Secret


class ServerSettings(Frozen):
    """Where the gateway listens and how long an operation may take.

    A request is of at most `max_body_bytes`. One with files has `upload_deadline_seconds` in place of
    `deadline_seconds`, and `max_upload_bytes` bounds all of it. `secret` signs cursors. Without one it is drawn at
    start, and cursors do not outlive the process. Pages of `allowed_origins` may ask from a browser, beside the
    gateway's own; `allowed_hosts` are names under which it is reached, beside those of loopback. A process that is
    told to end goes on for `drain_seconds` first.
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
