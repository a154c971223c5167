"""Emulators with a thousand links, for vendors of which one call counts many."""

from typing import Final

from starlette.applications import Starlette

from linkweave.providers.bitly.emulator import emulate as emulate_bitly
from linkweave.providers.bitly.emulator.seed import seeded as seeded_bitly
from linkweave.providers.dub.emulator import emulate as emulate_dub
from linkweave.providers.dub.emulator.seed import seeded as seeded_dub
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortio.emulator import emulate as emulate_shortio
from linkweave.providers.shortio.emulator.seed import seeded as seeded_shortio

COUNT: Final = 1_000


def bitly(options: EmulatorOptions) -> Starlette:
    return emulate_bitly(seeded_bitly(options, COUNT))


def dub(options: EmulatorOptions) -> Starlette:
    return emulate_dub(seeded_dub(options, COUNT))


def shortio(options: EmulatorOptions) -> Starlette:
    return emulate_shortio(seeded_shortio(options, COUNT))
