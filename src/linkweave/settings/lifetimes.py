"""`fresh_seconds`: when vendors' answers expire. `[cache]` and each account have the same table."""

from typing import Annotated, Final

from pydantic import Field

from linkweave.settings.values import SettingsModel

DAY_SECONDS: Final = 24 * 3600
Lifetime = Annotated[float, Field(ge=0, le=DAY_SECONDS)]


class FreshSeconds(SettingsModel):
    """Seconds after which a vendor's answer expires. 0 stores none; None leaves it to `[cache]` or the provider."""

    link: Lifetime | None = None
    link_list: Lifetime | None = None
    statistics: Lifetime | None = None
    statistics_details: Lifetime | None = None
    webhooks: Lifetime | None = None
    tags: Lifetime | None = None
    domains: Lifetime | None = None
    teams: Lifetime | None = None
    campaigns: Lifetime | None = None
    trackers: Lifetime | None = None
    tracking_presets: Lifetime | None = None
    usage: Lifetime | None = None
