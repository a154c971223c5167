"""Chevereto, as pic.li runs it: API v1.1, https://pic.li/api-v1."""

from linkweave.clock import Clock
from linkweave.providers.chevereto.adapter import BUCKET, CheveretoAdapter
from linkweave.providers.chevereto.emulator import DEMO_KEY, create_emulator
from linkweave.providers.chevereto.refusals import classify
from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.transport.http.auth import Credentials, HeaderKey
from linkweave.transport.rate_limit.limiter import RateLimit


def _credentials(settings: CheveretoSettings, _clock: Clock) -> Credentials:
    return HeaderKey("x-api-key", settings.api_key)


def _rate_limits(settings: CheveretoSettings) -> tuple[RateLimit, ...]:
    limit = settings.calls_per_minute
    return () if limit is None else (RateLimit(BUCKET, limit, 60),)


PROVIDER = Provider(
    id="chevereto",
    name="pic.li (Chevereto)",
    documentation_url="https://pic.li/api-v1",
    base_url="https://pic.li",
    settings=CheveretoSettings,
    adapter=CheveretoAdapter,
    classify=classify,
    credentials=_credentials,
    rate_limits=_rate_limits,
    create_emulator=create_emulator,
    sandbox_accounts=(SandboxAccount(key="chevereto", label="Images", options={"api_key": DEMO_KEY}),),
)
