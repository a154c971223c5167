"""Finds every provider: the packages beside this file, then the entry points of other distributions."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from linkweave import providers
from linkweave.errors import ConfigurationError
from linkweave.models import Capability
from linkweave.providers.record import Provider

ENTRY_POINT_GROUP: Final = "linkweave.providers"


def discover(extensions: Iterable[EntryPoint] | None = None) -> Mapping[str, Provider]:
    """Every provider by its id, in alphabetical order.

    `extensions` are the entry points of other distributions; None stands for all installed ones.

    Raises:
        ConfigurationError: an entry point cannot be loaded, is no provider, has the id of another one, or does not say
            what its lack of domains means.
    """
    found: dict[str, Provider] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        if module.ispkg:
            record = importlib.import_module(f"{providers.__name__}.{module.name}").PROVIDER
            found[record.id] = record
    for entry in entry_points(group=ENTRY_POINT_GROUP) if extensions is None else extensions:
        record = _load(entry)
        if record.id in found:
            raise _problem(entry, f"the id {record.id!r} is already taken")
        found[record.id] = record
    return dict(sorted(found.items()))


def _load(entry: EntryPoint) -> Provider:
    try:
        record = entry.load()
    except (ImportError, AttributeError) as error:
        raise _problem(entry, f"{entry.value} cannot be loaded: {error}") from error
    if not isinstance(record, Provider):
        raise _problem(entry, f"{entry.value} is not a Provider")
    if record.without_domains is None and Capability.LIST_DOMAINS not in record.capabilities:
        raise _problem(entry, "the adapter lists no domains; say in `without_domains` what does not work without them")
    return record


def _problem(entry: EntryPoint, problem: str) -> ConfigurationError:
    return ConfigurationError(f"entry point {entry.name} of {ENTRY_POINT_GROUP}: {problem}")
