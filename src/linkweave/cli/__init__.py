"""The command line. Ctrl+C stops a command without a traceback, also while its modules are still imported."""

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that `arguments` name; None stands for those of the process."""
    # The import takes most of a second, in which people press Ctrl+C, too. Nearly nothing becomes garbage meanwhile,
    # and to look for it takes a third of the time. MEASURED.
    gc.disable()
    try:
        from linkweave.cli.commands import main as run  # noqa: PLC0415 - same
    except KeyboardInterrupt:
        # The exit status of a shell's commands after SIGINT.
        print("Stopped.", file=sys.stderr)  # noqa: T201 - click is not imported yet
        sys.exit(130)
    finally:
        gc.freeze()
        gc.enable()
    run(arguments)
