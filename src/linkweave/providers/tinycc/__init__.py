"""tiny.cc, and every other host of its software (REST API v3)."""

from linkweave.clock import Clock
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.providers.tinycc.adapter import TinyccAdapter
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY, SANDBOX_USERNAME, create_emulator
from linkweave.providers.tinycc.refusals import classify
from linkweave.providers.tinycc.settings import TinyccSettings
from linkweave.transport.http.auth import BasicAuth, Credentials
from linkweave.transport.rate_limit.limiter import RateLimit


def _credentials(settings: TinyccSettings, clock: Clock) -> Credentials:  # noqa: ARG001 - every provider's signature
    return BasicAuth(settings.username, settings.api_key)


def _rate_limits(settings: TinyccSettings) -> tuple[RateLimit, ...]:  # noqa: ARG001 - every provider's signature
    """None: the vendor counts calls per day, which its /account tells; no limit per second is known."""
    return ()


PROVIDER = Provider(
    id="tinycc",
    name="tiny.cc",
    documentation_url="https://tinycc.com/tiny/api-docs",
    base_url="https://tiny.cc/tiny/api/3",
    settings=TinyccSettings,
    adapter=TinyccAdapter,
    classify=classify,
    credentials=_credentials,
    rate_limits=_rate_limits,
    create_emulator=create_emulator,
    sandbox_accounts=(
        SandboxAccount(
            key="tinycc",
            label="Print & packaging",
            options={"username": SANDBOX_USERNAME, "api_key": SANDBOX_API_KEY},
        ),
    ),
)
