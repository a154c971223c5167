"""PicSee's emulator, written from its document and from answers that public clients show."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.picsee.emulator.access import Access
from linkweave.providers.picsee.emulator.account import AccountApi
from linkweave.providers.picsee.emulator.analytics import AnalyticsApi
from linkweave.providers.picsee.emulator.link_list import LinkListApi
from linkweave.providers.picsee.emulator.link_writes import LinkWritesApi
from linkweave.providers.picsee.emulator.responses import RefusedError, refuse
from linkweave.providers.picsee.emulator.state import BASIC_TOKEN, FREE_TOKEN, MAIN_TOKEN, seed_accounts

__all__ = ["BASIC_TOKEN", "FREE_TOKEN", "MAIN_TOKEN", "create_emulator"]


def create_emulator(options: EmulatorOptions) -> Starlette:
    """Creates an emulator with the marketing team's links as of `options.clock`."""
    clock = options.clock
    accounts = seed_accounts(clock)
    access = Access(accounts, options)
    routes = [
        *AccountApi(access, clock).routes(),
        *LinkListApi(access).routes(),
        *AnalyticsApi(access, clock).routes(),
        *LinkWritesApi(access, tuple(accounts.values()), clock).routes(),
    ]
    return Starlette(routes=routes, exception_handlers={RefusedError: refuse, HTTPException: refuse})
