"""What the process tells about itself."""

import logging
from typing import Final

# At INFO and DEBUG these write whole URLs, and with them the keys of vendors that take keys in URLs.
_URL_LOGGERS: Final = ("httpx2", "httpcore2")


def silence_http_clients() -> None:
    """Keep the HTTP client from logging URLs, whatever the level of the root logger."""
    for name in _URL_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def configure_logging(level: str = "INFO") -> None:
    """Log to standard error, one line per event, for the command line's own processes."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    silence_http_clients()
