"""What a process has one of, whatever apps it builds one after the other."""

from dataclasses import dataclass, field
from importlib.metadata import version

from linkweave.observability import Log, Metrics, library_log


def fresh_metrics() -> Metrics:
    """The numbers of a process that is on its own."""
    return Metrics(version("linkweave"))


@dataclass(slots=True)
class Process:
    """Where log lines and numbers go and whether the process is about to end.

    A reload builds a new app for the same process.
    """

    log: Log = field(default_factory=library_log)
    metrics: Metrics = field(default_factory=fresh_metrics)
    leaving: bool = False
