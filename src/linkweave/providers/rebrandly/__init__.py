"""Rebrandly, https://www.rebrandly.com: one workspace of a user."""

from typing import Final

from linkweave.providers.rebrandly.account import BUCKET
from linkweave.providers.rebrandly.adapter import RebrandlyAdapter
from linkweave.providers.rebrandly.credentials import WorkspaceKey
from linkweave.providers.rebrandly.refusals import classify
from linkweave.providers.rebrandly.settings import RebrandlySettings
from linkweave.providers.rebrandly.wire import drop_personal
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.transport.rate_limit.limiter import RateLimit

PROVIDER: Final = Provider(
    id="rebrandly",
    name="Rebrandly",
    documentation_url="https://developers.rebrandly.com",
    credentials_from="an API key of your user, from Rebrandly's account settings",
    base_url="https://api.rebrandly.com/v1",
    api_path="/v1",
    settings=RebrandlySettings,
    adapter=RebrandlyAdapter,
    credentials=lambda settings, _clock: WorkspaceKey.of(settings),
    classify=classify,
    # DOC, both of them.
    rate_limits=lambda _settings: (RateLimit(BUCKET, 10, 1), RateLimit(BUCKET, 20_000, 3_600)),
    drop=drop_personal,
    emulator="linkweave.providers.rebrandly.emulator:create_emulator",
    sandbox_accounts=(SandboxAccount("rebrandly", "Partners", {"api_key": "sandbox-rebrandly-key"}),),
)
