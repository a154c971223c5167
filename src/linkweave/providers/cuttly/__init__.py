"""Cutt.ly, by its Team API: https://cutt.ly/api-documentation/team-api."""

from types import MappingProxyType
from typing import Final

from linkweave.providers.cuttly.adapter import CuttlyAdapter
from linkweave.providers.cuttly.link_reader import BUCKET
from linkweave.providers.cuttly.refusals import classify
from linkweave.providers.cuttly.settings import CuttlySettings
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.transport.http.auth import QueryKey
from linkweave.transport.rate_limit.limiter import RateLimit

# DOC: calls in 60 seconds.
_CALLS_PER_MINUTE: Final = MappingProxyType({"team": 180, "team-enterprise": 360})

PROVIDER: Final = Provider(
    id="cuttly",
    name="Cutt.ly Team",
    documentation_url="https://cutt.ly/api-documentation/team-api",
    credentials_from="the API key of the team, from Cutt.ly's settings",
    base_url="https://cutt.ly",
    # DOC: every call has this path.
    api_path="/team/API/index.php",
    settings=CuttlySettings,
    adapter=CuttlyAdapter,
    credentials=lambda settings, _clock: QueryKey("key", settings.api_key),
    rate_limits=lambda settings: (RateLimit(BUCKET, _CALLS_PER_MINUTE[settings.plan], 60),),
    classify=classify,
    without_domains="link(shortUrl:) finds links only on the domains in the account's setting `domains`",
    emulator="linkweave.providers.cuttly.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "cuttly",
            "Social media",
            {"api_key": "sandbox-cuttly-key", "plan": "team", "domains": ("cutt.ly", "go.brand-demo.example")},
        ),
    ),
)
