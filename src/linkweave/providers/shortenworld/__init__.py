"""ShortenWorld, by version 1 of its API: https://shortenworld.com/api."""

from linkweave.clock import Clock
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter
from linkweave.providers.shortenworld.calls import BUCKET
from linkweave.providers.shortenworld.emulator import SANDBOX_KEY, SANDBOX_USERNAME, create_emulator
from linkweave.providers.shortenworld.refusals import classify
from linkweave.providers.shortenworld.session import Session
from linkweave.providers.shortenworld.settings import ShortenWorldSettings
from linkweave.transport.http.auth import Credentials
from linkweave.transport.rate_limit.limiter import RateLimit


def _credentials(settings: ShortenWorldSettings, clock: Clock) -> Credentials:
    return Session(settings.key, settings.username, settings.api_key, clock)


def _rate_limits(settings: ShortenWorldSettings) -> tuple[RateLimit, ...]:
    return () if settings.calls_per_minute is None else (RateLimit(BUCKET, settings.calls_per_minute, 60),)


PROVIDER = Provider(
    id="shortenworld",
    name="ShortenWorld",
    documentation_url="https://shortenworld.com/api",
    base_url="https://api.shortenworld.com/v1",
    settings=ShortenWorldSettings,
    adapter=ShortenWorldAdapter,
    classify=classify,
    credentials=_credentials,
    rate_limits=_rate_limits,
    create_emulator=create_emulator,
    sandbox_accounts=(
        SandboxAccount(
            key="shortenworld",
            label="Regional teams",
            options={"username": SANDBOX_USERNAME, "api_key": SANDBOX_KEY},
        ),
    ),
)
