"""`[traces]`: spans for OpenTelemetry."""

from typing import Final

from pydantic import Field

from linkweave.settings.values import BaseUrl, Frozen

MISSING_EXTRA: Final = (
    "traces.endpoint: what sends spans is not installed; install linkweave[otel], or leave the key out"
)


class TracesSettings(Frozen):
    """Where spans are sent (OTLP over HTTP), without `endpoint` nowhere, and of which part of the operations.

    A caller that sends `traceparent` has decided for its own operation whether it is traced.
    """

    endpoint: BaseUrl | None = None
    sample_ratio: float = Field(default=1, ge=0, le=1)
    service_name: str = Field(default="linkweave", min_length=1)
