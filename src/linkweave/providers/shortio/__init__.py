"""Short.io, https://short.io: the domains of one key, with links, written and read, and statistics."""

from typing import Final

from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.shortio.adapter import ShortioAdapter
from linkweave.providers.shortio.refusals import classify
from linkweave.providers.shortio.settings import BASE_URL, RATE_LIMITS, ShortioSettings
from linkweave.providers.shortio.wire import drop_personal
from linkweave.transport.http.auth import HeaderKey

PROVIDER: Final = Provider(
    id="shortio",
    name="Short.io",
    documentation_url="https://developers.short.io",
    credentials_from="a secret API key, from Short.io's dashboard",
    base_url=BASE_URL,
    further_hosts=lambda settings: (settings.statistics_host,),
    settings=ShortioSettings,
    adapter=ShortioAdapter,
    # DOC: the bare key.
    credentials=lambda settings, _clock: HeaderKey("authorization", settings.api_key),
    rate_limits=lambda _settings: RATE_LIMITS,
    classify=classify,
    drop=drop_personal,
    emulator="linkweave.providers.shortio.emulator:create_emulator",
    sandbox_accounts=(SandboxAccount("shortio", "Events", {"api_key": "sandbox-shortio-key"}),),
)
