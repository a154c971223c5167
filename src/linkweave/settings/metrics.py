"""`[metrics]`: metrics for Prometheus."""

from linkweave.settings.values import SettingsModel


class MetricsSettings(SettingsModel):
    """Whether there is `/metrics`, and for which callers: if it is `public`, for every client that reaches the gateway.

    Otherwise, if callers must authenticate, it is for those with the scope admin and all accounts.
    """

    enabled: bool = True
    public: bool = False
