"""Reporting a short link to PicSee."""

from collections.abc import Mapping

from linkweave.models.changes import AbuseReport
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.settings import PicseeSettings
from linkweave.providers.picsee.wire import ReportedAnswer
from linkweave.transport.call import Call


async def report(adapter: Adapter, settings: PicseeSettings, abuse: AbuseReport) -> None:
    """Send the report.

    Raises:
        UnsupportedError: the settings do not turn this on; no call was made.
        VendorError: it was not taken, or (AmbiguousError) it may have been.
    """
    operation = "report abuse"
    if not settings.report_abuse:
        problem = "takes abuse reports of PicSee's security partners only; report_abuse = true says that it is one"
        raise adapter.unsupported(operation, problem)
    call = Call(operation, "POST", settings.abuse_path, json=abuse_body(abuse), writes=True)
    await adapter.fetch(ReportedAnswer, call)


def abuse_body(abuse: AbuseReport) -> Mapping[str, str]:
    """`abuse` as PicSee takes it (DOC), in snake case other than everywhere else."""
    told = {
        "url": abuse.short_url,
        "attack_type": abuse.attack_type,
        "description": abuse.description,
        "date": None if abuse.date is None else abuse.date.isoformat(),
        "target_brand": abuse.target_brand,
        "screenshot_url": abuse.screenshot_url,
    }
    return {key: value for key, value in told.items() if value is not None}
