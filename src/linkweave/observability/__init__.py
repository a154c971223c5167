"""What the process tells about itself: log lines, numbers and traces, fed through one observer."""

from linkweave.context.operation_record import Answered, OperationFacts, OperationRecord
from linkweave.observability.logging.log_observer import LogObserver
from linkweave.observability.logging.secret_masks import Masks
from linkweave.observability.logging.setup import Log, configure_logging, library_log, silence_http_clients
from linkweave.observability.metrics.registry import Metrics
from linkweave.observability.observer import CANCELLED, NOBODY, CacheResult, Observer, Observers
from linkweave.observability.operation_outcome import CachedReply, Outcome

__all__ = [
    "CANCELLED",
    "NOBODY",
    "Answered",
    "CacheResult",
    "CachedReply",
    "Log",
    "LogObserver",
    "Masks",
    "Metrics",
    "Observer",
    "Observers",
    "OperationFacts",
    "OperationRecord",
    "Outcome",
    "configure_logging",
    "library_log",
    "silence_http_clients",
]
