"""`[metrics]`: numbers for Prometheus."""

from linkweave.settings.values import Frozen


class MetricsSettings(Frozen):
    """Whether `/metrics` is there, and for whom: `public` is for everybody who reaches the gateway.

    Else, where callers are known, it is for those with the scope admin.
    """

    enabled: bool = True
    public: bool = False
