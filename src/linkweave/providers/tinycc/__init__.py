"""tiny.cc, and every other host of its software (REST API v3)."""

from typing import Final

from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.tinycc.adapter import TinyccAdapter
from linkweave.providers.tinycc.refusals import classify
from linkweave.providers.tinycc.settings import TinyccSettings
from linkweave.transport.http.auth import BasicAuth

# No rate limits: the vendor counts calls per day, which its /account returns, and publishes no limit per second.
PROVIDER: Final = Provider(
    id="tinycc",
    name="tiny.cc",
    documentation_url="https://tinycc.com/tiny/api-docs",
    credentials_from="the user name and the API key, from the dashboard of tiny.cc",
    base_url="https://tiny.cc/tiny/api/3",
    settings=TinyccSettings,
    adapter=TinyccAdapter,
    credentials=lambda settings, _clock: BasicAuth(settings.username, settings.api_key),
    classify=classify,
    emulator="linkweave.providers.tinycc.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount("tinycc", "Print & packaging", {"username": "sandbox-print", "api_key": "sandbox-tinycc-key"}),
    ),
)
