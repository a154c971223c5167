"""Shlink, at a server of the customer's own."""

from typing import Final

from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.shlink.adapter import ShlinkAdapter
from linkweave.providers.shlink.refusals import classify
from linkweave.providers.shlink.settings import ShlinkSettings
from linkweave.transport.http.auth import HeaderKey

# No rate limits: Shlink has none (DOC).
PROVIDER: Final = Provider(
    id="shlink",
    name="Shlink",
    documentation_url="https://api-spec.shlink.io",
    credentials_from="an API key, which `shlink api-key:generate` makes on the server",
    api_path="/rest/v3",
    settings=ShlinkSettings,
    adapter=ShlinkAdapter,
    credentials=lambda settings, _clock: HeaderKey("x-api-key", settings.api_key),
    classify=classify,
    emulator="linkweave.providers.shlink.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount("shlink", "Stores", {"api_key": "sandbox-shlink-key", "domains": ("shl.coats-demo.example",)}),
    ),
)
