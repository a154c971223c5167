"""A YOURLS account for a test: over the emulator, or over any HTTP client."""

import httpx2

from harness.emulators import ManualClock
from linkweave.accounts import open_account
from linkweave.providers.yourls import PROVIDER
from linkweave.providers.yourls.adapter import YourlsAdapter
from linkweave.providers.yourls.emulator import emulate
from linkweave.providers.yourls.emulator.site import Site

LOGIN = {"signature": "sandbox-yourls-signature"}


def adapter_over(http: httpx2.AsyncClient, **options: object) -> YourlsAdapter:
    table = {"key": "shop", "provider": "yourls", "base_url": "http://emulator", **LOGIN, **options}
    settings = PROVIDER.settings.model_validate(table)
    adapter = open_account(settings, PROVIDER, http, ManualClock()).adapter
    assert isinstance(adapter, YourlsAdapter)
    return adapter


def client_of(site: Site) -> httpx2.AsyncClient:
    """An HTTP client of the emulator of `site`."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=emulate(site)), base_url="http://emulator")
