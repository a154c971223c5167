"""Link analytics: nine metrics in one answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from linkweave.providers import emulator_seed as seed
from linkweave.providers.shortenworld.emulator.calls import DAY_FORMAT, Call
from linkweave.providers.shortenworld.emulator.responses import Body

DEFAULT_DAYS: Final = 30  # DOC

# DOC: which number is which.
SHARES: Final[Mapping[str, Mapping[str, int]]] = {
    "2": seed.DEVICES,
    "3": seed.SYSTEMS,
    "4": seed.BROWSERS,
    "5": seed.BRANDS,
    "6": seed.LANGUAGES,
    "7": seed.COUNTRIES,
}
# One bot for this number of people. The number is invented.
PEOPLE_PER_BOT: Final = 9


def analytics(call: Call) -> Body:
    """Link analytics. Days are UTC's; the vendor documents no time zone."""
    link = call.link()
    end = call.day("endTime") or call.state.clock.now().date()
    start = call.day("startTime") or end - timedelta(days=DEFAULT_DAYS - 1)
    days = [entry for entry in link.days if start <= entry.day <= end]
    clicks = seed.total(days)
    by_date = [{"name": entry.day.strftime(DAY_FORMAT), "value": entry.clicks} for entry in days]
    metrics: dict[str, object] = {
        "1": by_date,
        **{number: _rows(clicks, weights) for number, weights in SHARES.items()},
        "9": by_date,
    }
    if not call.on_free_plan:
        metrics["8"] = _rows(clicks // PEOPLE_PER_BOT, seed.BOTS)
    return {"metricsMap": metrics}


def _rows(clicks: int, weights: Mapping[str, int]) -> list[Body]:
    return [{"name": name, "value": value} for name, value in seed.share(clicks, weights).items()]
