"""The command line."""

from linkweave.cli.main import main

__all__ = ["main"]
