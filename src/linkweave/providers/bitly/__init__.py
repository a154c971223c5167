"""Bitly, https://bitly.com: one group of an organization, by version 4 of its API."""

from typing import Final

from linkweave.providers.bitly.account_wire import drop_personal
from linkweave.providers.bitly.adapter import BitlyAdapter
from linkweave.providers.bitly.refusals import classify
from linkweave.providers.bitly.settings import (
    BitlySettings,
    call_quotas,
    credentials,
    lifetimes,
    plan_gaps,
    rate_limits,
)
from linkweave.providers.record import Provider, SandboxAccount

PROVIDER: Final = Provider(
    id="bitly",
    name="Bitly",
    documentation_url="https://dev.bitly.com",
    credentials_from="an access token of your user, from Bitly's settings",
    base_url="https://api-ssl.bitly.com/v4",
    api_path="/v4",
    settings=BitlySettings,
    adapter=BitlyAdapter,
    credentials=credentials,
    classify=classify,
    drop=drop_personal,
    lifetimes=lifetimes,
    rate_limits=rate_limits,
    call_quotas=call_quotas,
    plan_gaps=plan_gaps,
    emulator="linkweave.providers.bitly.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "bitly",
            "Brand team",
            {"token": "sandbox-bitly-token", "group": "Bmain000001", "plan": "premium"},
        ),
        # For tests of the monthly budget. The demo opens the first account of each provider only.
        SandboxAccount("bitly-free", "Free plan (tests)", {"token": "sandbox-bitly-free-token", "plan": "free"}),
    ),
)
