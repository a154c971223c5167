"""Finds every provider: the folders beside this file, then the entry points of other distributions."""

import importlib
import pkgutil
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Final

from linkweave import providers
from linkweave.errors import ConfigurationError
from linkweave.providers.provider import Provider

ENTRY_POINT_GROUP: Final = "linkweave.providers"


def discover() -> Mapping[str, Provider]:
    """Every provider by its id, in alphabetical order.

    Raises:
        ConfigurationError: an entry point is no provider, or takes the id of another.
    """
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        if module.ispkg:
            record = importlib.import_module(f"{providers.__name__}.{module.name}").PROVIDER
            found[record.id] = record
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        record = entry.load()
        if not isinstance(record, Provider):
            raise ConfigurationError(
                f"entry point {entry.name} of {ENTRY_POINT_GROUP} is not a Provider: {entry.value}"
            )
        if record.id in found:
            raise ConfigurationError(f"entry point {entry.name} of {ENTRY_POINT_GROUP}: {record.id} is already taken")
        found[record.id] = record
    return dict(sorted(found.items()))
