"""What the process tells about itself: log lines, numbers and traces, fed through one observer."""

from linkweave.observability.log_observer import LogObserver
from linkweave.observability.logs import Log, configure_logging, library_log, silence_http_clients
from linkweave.observability.masks import Masks
from linkweave.observability.metrics import Metrics
from linkweave.observability.observer import CANCELLED, NOBODY, CacheResult, Observer, Observers
from linkweave.observability.operation import Answered, OperationFacts, Outcome, Repetition
from linkweave.observability.tally import Tally, current_tally

__all__ = [
    "CANCELLED",
    "NOBODY",
    "Answered",
    "CacheResult",
    "Log",
    "LogObserver",
    "Masks",
    "Metrics",
    "Observer",
    "Observers",
    "OperationFacts",
    "Outcome",
    "Repetition",
    "Tally",
    "configure_logging",
    "current_tally",
    "library_log",
    "silence_http_clients",
]
