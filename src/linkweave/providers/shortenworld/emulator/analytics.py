"""Link analytics: nine metrics in one answer."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from linkweave.providers import seed
from linkweave.providers.shortenworld.emulator.calls import Call
from linkweave.providers.shortenworld.emulator.replies import Body, RefusedError

DEFAULT_DAYS: Final = 30  # DOC
DAY_FORMAT: Final = "%d/%m/%Y"  # DOC
BAD_DATE: Final = 3  # INFERRED
UNKNOWN_LINK: Final = 2  # INFERRED

# DOC: which number is which.
SHARES: Final[Mapping[str, Mapping[str, int]]] = {
    "2": seed.DEVICES,
    "3": seed.SYSTEMS,
    "4": seed.BROWSERS,
    "5": seed.BRANDS,
    "6": seed.LANGUAGES,
    "7": seed.COUNTRIES,
}
# A made-up vendor's worth of robots: one for so many people.
PEOPLE_PER_BOT: Final = 9


def analytics(call: Call) -> Body:
    """Link analytics. Days are UTC's; the vendor does not say whose they are."""
    link = call.state.link(call.text("linkId"))
    if link is None:
        raise RefusedError(UNKNOWN_LINK, "Link not found")
    end = _date(call, "endTime") or call.state.clock.now().date()
    start = _date(call, "startTime") or end - timedelta(days=DEFAULT_DAYS - 1)
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


def _date(call: Call, name: str) -> date | None:
    text = str(call.parameters.get(name, ""))
    if not text:
        return None
    try:
        return datetime.strptime(text, DAY_FORMAT).replace(tzinfo=UTC).date()
    except ValueError:
        raise RefusedError(BAD_DATE, f"{name} must be a date like 31/12/2026") from None
