"""`[log]`: the log on standard error."""

from typing import Literal

from linkweave.settings.values import SettingsModel


class LogSettings(SettingsModel):
    """The form of log lines, and which there are.

    The `format` "auto" is for people on a terminal, and JSON elsewhere. `cached_operations` says whether operations
    that the response cache answered have a line, too.
    """

    format: Literal["auto", "json", "console"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"
    cached_operations: bool = True
