"""A worker's process that counts an operation into a directory it shares, and prints the metrics of all workers.

prometheus-client must know the directory before it is imported, from PROMETHEUS_MULTIPROC_DIR.
"""

import sys
from pathlib import Path

from linkweave.observability import Metrics, Observers, OperationRecord


def count(directory: Path, circuit_state: str) -> str:
    metrics = Metrics("1.2", directory)
    observer = Observers(metrics.observers)
    observer.operation_ended(OperationRecord(), "ok", 0.2, 200, "x")
    for _ in range(2):
        observer.operation_started(OperationRecord())
    observer.circuit_changed("tinycc", circuit_state)
    return metrics.page("")[0].decode()


if __name__ == "__main__":
    sys.stdout.write(count(Path(sys.argv[1]), sys.argv[2]))
