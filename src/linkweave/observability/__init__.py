"""Log lines, metrics and traces. They are observers of the same events."""

from linkweave.context.operation_record import Answered, OperationFacts, OperationRecord
from linkweave.observability.logging.log_observer import LogObserver
from linkweave.observability.logging.secret_masks import SecretMasks
from linkweave.observability.logging.setup import Log, configure_logging, library_log, silence_http_clients
from linkweave.observability.metrics.registry import Metrics
from linkweave.observability.observer import CANCELLED, NO_OBSERVER, CacheResult, Observer, Observers
from linkweave.observability.operation_outcome import CachedReply, OperationOutcome

__all__ = [
    "CANCELLED",
    "NO_OBSERVER",
    "Answered",
    "CacheResult",
    "CachedReply",
    "Log",
    "LogObserver",
    "Metrics",
    "Observer",
    "Observers",
    "OperationFacts",
    "OperationOutcome",
    "OperationRecord",
    "SecretMasks",
    "configure_logging",
    "library_log",
    "silence_http_clients",
]
