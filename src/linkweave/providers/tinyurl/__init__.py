"""TinyURL, https://tinyurl.com: links, read and written, tags and statistics of one user."""

from typing import Final

from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.tinyurl.adapter import TinyUrlAdapter
from linkweave.providers.tinyurl.refusals import classify
from linkweave.providers.tinyurl.settings import TinyUrlSettings
from linkweave.providers.tinyurl.wire import drop_personal
from linkweave.transport.http.auth import HeaderKey

PROVIDER: Final = Provider(
    id="tinyurl",
    name="TinyURL",
    documentation_url="https://api.tinyurl.com",
    credentials_from="an API token, from the API settings of TinyURL; what it may do is ticked there",
    base_url="https://api.tinyurl.com",
    settings=TinyUrlSettings,
    adapter=TinyUrlAdapter,
    # FOUND: the query takes the token, too, and then it is in logs.
    credentials=lambda settings, _clock: HeaderKey("authorization", settings.token, "Bearer "),
    classify=classify,
    drop=drop_personal,
    without_domains="link(shortUrl:) finds links only on the domains in the account's setting `domains`",
    emulator="linkweave.providers.tinyurl.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "tinyurl",
            "Fairs",
            {"token": "sandbox-tinyurl-token", "domains": ("tinyurl.com", "go.tinyurl-demo.example")},
        ),
    ),
)
