"""Cutt.ly, by its Team API: https://cutt.ly/api-documentation/team-api."""

from types import MappingProxyType
from typing import Final

from linkweave.clock import Clock
from linkweave.providers.cuttly.adapter import BUCKET, CuttlyAdapter
from linkweave.providers.cuttly.emulator import DEMO_DOMAIN, DEMO_KEY, create_emulator
from linkweave.providers.cuttly.refusals import classify
from linkweave.providers.cuttly.settings import CuttlySettings
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.transport.http.auth import Credentials, QueryKey
from linkweave.transport.rate_limit.limiter import RateLimit

# DOC: calls in 60 seconds.
_CALLS_PER_MINUTE: Final = MappingProxyType({"team": 180, "team-enterprise": 360})


def _credentials(settings: CuttlySettings, _clock: Clock) -> Credentials:
    return QueryKey("key", settings.api_key)


def _rate_limits(settings: CuttlySettings) -> tuple[RateLimit, ...]:
    return (RateLimit(BUCKET, _CALLS_PER_MINUTE[settings.plan], 60),)


PROVIDER = Provider(
    id="cuttly",
    name="Cutt.ly Team",
    documentation_url="https://cutt.ly/api-documentation/team-api",
    base_url="https://cutt.ly",
    settings=CuttlySettings,
    adapter=CuttlyAdapter,
    classify=classify,
    credentials=_credentials,
    rate_limits=_rate_limits,
    create_emulator=create_emulator,
    sandbox_accounts=(
        SandboxAccount(
            key="cuttly",
            label="Social media",
            options={"api_key": DEMO_KEY, "plan": "team", "domains": ("cutt.ly", DEMO_DOMAIN)},
        ),
    ),
)
