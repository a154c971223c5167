"""Finds every provider: the packages beside this file, then the entry points of other distributions."""

import importlib
import pkgutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from linkweave import providers
from linkweave.errors import ConfigurationError
from linkweave.models import Capability
from linkweave.providers.record import Provider

ENTRY_POINT_GROUP: Final = "linkweave.providers"
# Maximum number of characters of an exception's own words.
_MAX_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class FoundProviders:
    """Every provider by its id, in alphabetical order; and a line for each entry point that cannot be used."""

    providers: Mapping[str, Provider]
    problems: tuple[str, ...]


def discover(extensions: Iterable[EntryPoint] | None = None) -> Mapping[str, Provider]:
    """Every provider by its id, in alphabetical order, without those that cannot be used.

    `extensions` are the entry points of other distributions; None stands for all installed ones.
    """
    return find_providers(extensions).providers


def find_providers(extensions: Iterable[EntryPoint] | None = None) -> FoundProviders:
    """Returns the providers of this package and of `extensions`, and what is wrong with the others.

    An entry point is left out if it cannot be loaded, is no provider, has the id of another one, or does not say what
    its lack of domains means.
    """
    found: dict[str, Provider] = {}
    problems = []
    for module in pkgutil.iter_modules(providers.__path__):
        if module.ispkg:
            record = importlib.import_module(f"{providers.__name__}.{module.name}").PROVIDER
            found[record.id] = record
    for entry in entry_points(group=ENTRY_POINT_GROUP) if extensions is None else extensions:
        try:
            record = _load(entry, found)
        except ConfigurationError as error:
            problems.append(f"entry point {entry.name} of {ENTRY_POINT_GROUP}: {error}")
        else:
            found[record.id] = record
    return FoundProviders(dict(sorted(found.items())), tuple(problems))


def _load(entry: EntryPoint, found: Collection[str]) -> Provider:
    try:
        record = entry.load()
    except (Exception, SystemExit) as error:
        raise ConfigurationError(f"{entry.value} cannot be loaded: {_one_line(error)}") from error
    if not isinstance(record, Provider):
        raise ConfigurationError(f"{entry.value} is not a Provider")
    if record.without_domains is None and Capability.LIST_DOMAINS not in record.capabilities:
        raise ConfigurationError("the adapter lists no domains; `without_domains` must say what does not work")
    if record.id in found:
        raise ConfigurationError(f"the id {record.id!r} is already taken")
    return record


def _one_line(error: BaseException) -> str:
    words = " ".join(str(error).split())[:_MAX_WORDS]
    expected = isinstance(error, ImportError | AttributeError) and words
    return words if expected else f"{type(error).__name__}: {words}".removesuffix(": ")
