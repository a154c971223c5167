"""Pretends to be PicSee, written from its document and from what public clients show of its answers."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.picsee.emulator.account_api import AccountApi
from linkweave.providers.picsee.emulator.analytics_api import AnalyticsApi
from linkweave.providers.picsee.emulator.answers import RefusedError, refuse
from linkweave.providers.picsee.emulator.gate import Gate
from linkweave.providers.picsee.emulator.listing_api import ListingApi
from linkweave.providers.picsee.emulator.state import BASIC_TOKEN, FREE_TOKEN, MAIN_TOKEN, seed_accounts
from linkweave.providers.picsee.emulator.writing_api import WritingApi

__all__ = ["BASIC_TOKEN", "FREE_TOKEN", "MAIN_TOKEN", "create_emulator"]


def create_emulator(options: EmulatorOptions) -> Starlette:
    """An emulator of its own, with the marketing team's links as of `options.clock`."""
    clock = options.clock
    accounts = seed_accounts(clock)
    gate = Gate(accounts, options)
    routes = [
        *AccountApi(gate, clock).routes(),
        *ListingApi(gate).routes(),
        *AnalyticsApi(gate, clock).routes(),
        *WritingApi(gate, tuple(accounts.values()), clock).routes(),
    ]
    return Starlette(routes=routes, exception_handlers={RefusedError: refuse, HTTPException: refuse})
