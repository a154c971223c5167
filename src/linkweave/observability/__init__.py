"""What the process tells about itself: log lines, numbers and traces, fed through one observer."""

from linkweave.observability.logs import configure_logging, silence_http_clients
from linkweave.observability.observer import NOBODY, CacheResult, Observer
from linkweave.observability.tally import Tally, current_tally, tally

__all__ = [
    "NOBODY",
    "CacheResult",
    "Observer",
    "Tally",
    "configure_logging",
    "current_tally",
    "silence_http_clients",
    "tally",
]
