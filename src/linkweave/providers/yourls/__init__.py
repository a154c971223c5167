"""YOURLS, Your Own URL Shortener, at a site of the customer's own."""

from typing import Final

from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.yourls.adapter import YourlsAdapter
from linkweave.providers.yourls.credentials import credentials
from linkweave.providers.yourls.refusals import classify
from linkweave.providers.yourls.settings import YourlsSettings
from linkweave.providers.yourls.wire import drop_addresses

# No rate limits: a caller who is logged in has none (FOUND).
PROVIDER: Final = Provider(
    id="yourls",
    name="YOURLS",
    documentation_url="https://yourls.org/docs/guide/advanced/api",
    credentials_from="the signature token of your user, from the site's page Tools, or a user's name and password",
    api_path="/yourls-api.php",
    settings=YourlsSettings,
    adapter=YourlsAdapter,
    credentials=credentials,
    classify=classify,
    drop=drop_addresses,
    without_domains="nothing, where links open at the host of `base_url`; else name their domain in `domains`",
    emulator="linkweave.providers.yourls.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "yourls",
            "Shop",
            {"signature": "sandbox-yourls-signature", "domains": ("go.coats-demo.example",)},
        ),
    ),
)
