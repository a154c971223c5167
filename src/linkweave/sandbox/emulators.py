"""Loads a provider's emulator by the name in its record: only the sandbox imports emulators."""

from pkgutil import resolve_name

from linkweave.errors import ConfigurationError
from linkweave.providers.emulator_kit import CreateEmulator
from linkweave.providers.record import Provider


def load_emulator(provider: Provider) -> CreateEmulator:
    """Returns the function that creates the provider's emulator.

    Raises:
        ConfigurationError: the record names no such function.
    """
    try:
        create = resolve_name(provider.emulator)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"provider {provider.id}: emulator {provider.emulator!r}: {error}") from error
    if not callable(create):
        raise ConfigurationError(f"provider {provider.id}: emulator {provider.emulator!r} is not a function")
    found: CreateEmulator = create
    return found
