"""Finds every provider: the folders beside this file, then the entry points of other distributions."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from linkweave import providers
from linkweave.errors import ConfigurationError
from linkweave.providers.record import Provider

ENTRY_POINT_GROUP: Final = "linkweave.providers"


def discover(extensions: Iterable[EntryPoint] | None = None) -> Mapping[str, Provider]:
    """Every provider by its id, in alphabetical order.

    `extensions` are the entry points of other distributions; None stands for all that are installed.

    Raises:
        ConfigurationError: an entry point cannot be loaded, is no provider, or takes the id of another.
    """
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        if module.ispkg:
            record = importlib.import_module(f"{providers.__name__}.{module.name}").PROVIDER
            found[record.id] = record
    for entry in entry_points(group=ENTRY_POINT_GROUP) if extensions is None else extensions:
        record = _load(entry)
        if record.id in found:
            raise ConfigurationError(f"entry point {entry.name} of {ENTRY_POINT_GROUP}: {record.id} is already taken")
        found[record.id] = record
    return dict(sorted(found.items()))


def _load(entry: EntryPoint) -> Provider:
    try:
        record = entry.load()
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"entry point {entry.name} of {ENTRY_POINT_GROUP} cannot be loaded: {entry.value}: {error}"
        ) from error
    if not isinstance(record, Provider):
        raise ConfigurationError(f"entry point {entry.name} of {ENTRY_POINT_GROUP} is not a Provider: {entry.value}")
    return record
