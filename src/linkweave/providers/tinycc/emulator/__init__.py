"""A tiny.cc in this process, written from the vendor's document (tinycc-v3.txt)."""

from starlette.types import ASGIApp

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.tinycc.emulator.app import emulate
from linkweave.providers.tinycc.emulator.seed import SANDBOX_API_KEY, SANDBOX_USERNAME, seeded

__all__ = ["SANDBOX_API_KEY", "SANDBOX_USERNAME", "create_emulator", "emulate", "seeded"]


def create_emulator(options: EmulatorOptions) -> ASGIApp:
    """A server with one account, served relative to the vendor's `/tiny/api/3`."""
    return emulate(seeded(options))
