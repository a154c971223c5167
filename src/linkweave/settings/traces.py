"""`[traces]`: spans for OpenTelemetry."""

from typing import Final

from pydantic import Field

from linkweave.settings.values import BaseUrl, SettingsModel

MISSING_EXTRA: Final = (
    "traces.endpoint: the packages that send spans are not installed; install linkweave[otel], or leave the key out"
)


class TracesSettings(SettingsModel):
    """Where spans are sent (OTLP over HTTP), and for which part of the operations. Without `endpoint` there are none.

    A caller that sends `traceparent` decides itself whether its operation is traced.
    """

    endpoint: BaseUrl | None = None
    sample_ratio: float = Field(default=1, ge=0, le=1)
    service_name: str = Field(default="linkweave", min_length=1)
