"""The vendors that every benchmark measures: those that the first version speaks, so that rows stay comparable."""

from collections.abc import Mapping
from typing import Final

from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider

_MEASURED: Final = ("chevereto", "cuttly", "picsee", "shortenworld", "tinycc")


def measured_providers() -> Mapping[str, Provider]:
    """Their records, by id."""
    found = discover()
    return {name: found[name] for name in _MEASURED}
