"""For how long vendors' answers are fresh: the same table in `[cache]` and in an account."""

from typing import Annotated, Final

from pydantic import Field

from linkweave.settings.values import Frozen

DAY_SECONDS: Final = 24 * 3600
Lifetime = Annotated[float, Field(ge=0, le=DAY_SECONDS)]


class FreshSeconds(Frozen):
    """For how many seconds an answer is given without asking again; 0 keeps none, None leaves it to who knows more."""

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
