"""ShortenWorld, by version 1 of its API: https://shortenworld.com/api."""

from typing import Final

from linkweave.providers.record import Provider, SandboxAccount, operator_rate_limit
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter
from linkweave.providers.shortenworld.calls import BUCKET
from linkweave.providers.shortenworld.refusals import classify
from linkweave.providers.shortenworld.session import Session
from linkweave.providers.shortenworld.settings import ShortenWorldSettings

PROVIDER: Final = Provider(
    id="shortenworld",
    name="ShortenWorld",
    documentation_url="https://shortenworld.com/api",
    credentials_from="the user name, which is not the e-mail address, and the API key, from ShortenWorld",
    base_url="https://api.shortenworld.com/v1",
    settings=ShortenWorldSettings,
    adapter=ShortenWorldAdapter,
    credentials=lambda settings, clock: Session(settings.key, settings.username, settings.api_key, clock),
    rate_limits=operator_rate_limit(BUCKET),
    classify=classify,
    emulator="linkweave.providers.shortenworld.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "shortenworld",
            "Regional teams",
            {"username": "sandbox-shortenworld", "api_key": "sandbox-shortenworld-key"},
        ),
    ),
)
