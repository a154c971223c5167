"""Opens the log of events that the storage allows."""

from linkweave.clock import Clock
from linkweave.events.encoding import ReportLost
from linkweave.events.event_log import EventLog, ProcessEventLog
from linkweave.events.shared_log import SharedEventLog
from linkweave.storage.valkey import Valkey


def open_event_log(valkey: Valkey | None, clock: Clock, report_lost: ReportLost) -> EventLog:
    """Returns a log in the server that processes share; without one, a log in this process. Sends nothing yet.

    `report_lost` gets each event that cannot be shared.
    """
    return ProcessEventLog() if valkey is None else SharedEventLog(valkey, clock, report_lost)
