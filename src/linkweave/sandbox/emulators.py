"""Loads a provider's emulator by the name in its record: only the sandbox imports emulators."""

from collections.abc import Mapping
from pkgutil import resolve_name

from linkweave.errors import ConfigurationError
from linkweave.providers.emulator_kit import CreateEmulator
from linkweave.providers.record import Provider


def emulated(providers: Mapping[str, Provider]) -> tuple[Mapping[str, Provider], tuple[str, ...]]:
    """Returns the providers whose emulators can be loaded, and a line for each of the others."""
    found, problems = dict(providers), []
    for name, provider in providers.items():
        try:
            load_emulator(provider)
        except ConfigurationError as error:
            problems.append(str(error))
            del found[name]
    return found, tuple(problems)


def load_emulator(provider: Provider) -> CreateEmulator:
    """Returns the function that creates the provider's emulator.

    Raises:
        ConfigurationError: the record names no such function, or its module cannot be imported.
    """
    try:
        create = resolve_name(provider.emulator)
    except Exception as error:
        words = " ".join(str(error).split())
        raise ConfigurationError(f"provider {provider.id}: emulator {provider.emulator!r}: {words}") from error
    if not callable(create):
        raise ConfigurationError(f"provider {provider.id}: emulator {provider.emulator!r} is not a function")
    found: CreateEmulator = create
    return found
