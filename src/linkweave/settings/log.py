"""`[log]`: what is written to standard error."""

from typing import Literal

from linkweave.settings.values import Frozen


class LogSettings(Frozen):
    """How log lines look and which there are.

    `format` "auto" is for people on a terminal and JSON elsewhere. `cached_operations` is whether those operations have
    a line too that the operation cache answered.
    """

    format: Literal["auto", "json", "console"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"
    cached_operations: bool = True
