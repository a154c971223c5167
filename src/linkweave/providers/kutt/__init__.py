"""Kutt, at a site of the customer's own."""

from typing import Final

from linkweave.providers.kutt.adapter import KuttAdapter
from linkweave.providers.kutt.refusals import classify
from linkweave.providers.kutt.settings import KuttSettings
from linkweave.providers.kutt.wire import drop_secrets
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.transport.http.auth import HeaderKey

# No rate limits: Kutt limits its login pages alone (FOUND).
PROVIDER: Final = Provider(
    id="kutt",
    name="Kutt",
    documentation_url="https://docs.kutt.it",
    credentials_from="the API key of your user, from the site's settings page",
    api_path="/api/v2",
    settings=KuttSettings,
    adapter=KuttAdapter,
    credentials=lambda settings, _clock: HeaderKey("x-api-key", settings.api_key),
    classify=classify,
    drop=drop_secrets,
    emulator="linkweave.providers.kutt.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "kutt",
            "Events",
            {"api_key": "sandbox-kutt-key-of-forty-characters-000", "domains": ("kutt.coats-demo.example",)},
        ),
    ),
)
