"""PicSee, https://picsee.io: links, read and written; statistics, tags, domains, tracking presets and usage."""

from typing import Final

from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.refusals import classify, drop_echo
from linkweave.providers.picsee.settings import (
    PicseeSettings,
    call_quotas,
    credentials,
    lifetimes,
    plan_gaps,
    rate_limits,
)
from linkweave.providers.record import Provider, SandboxAccount

PROVIDER: Final = Provider(
    id="picsee",
    name="PicSee",
    documentation_url="https://picsee.io/developers",
    credentials_from="the API token of the account, from PicSee",
    base_url="https://api.pics.ee",
    settings=PicseeSettings,
    adapter=PicseeAdapter,
    classify=classify,
    drop=drop_echo,
    lifetimes=lifetimes,
    credentials=credentials,
    rate_limits=rate_limits,
    plan_gaps=plan_gaps,
    call_quotas=call_quotas,
    emulator="linkweave.providers.picsee.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount(
            "picsee-main",
            "Marketing",
            {"token": "sandbox-picsee-token", "plan": "advanced", "report_abuse": True},
        ),
        # For tests of the basic plan. The demo opens the first account of each provider only.
        SandboxAccount("picsee-basic", "Basic plan (tests)", {"token": "sandbox-picsee-basic-token", "plan": "basic"}),
    ),
)
