"""What a process has one of, whatever apps it builds one after the other."""

from dataclasses import dataclass, field

from linkweave.observability import Log, library_log


@dataclass(slots=True)
class Process:
    """Where log lines go and whether the process is about to end. A reload builds a new app for the same process."""

    log: Log = field(default_factory=library_log)
    leaving: bool = False
