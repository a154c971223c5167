"""Dub, https://dub.co: links, read and written; statistics, tags, domains and usage of one workspace."""

from typing import Final

from linkweave.providers.dub.adapter import DubAdapter
from linkweave.providers.dub.refusals import classify
from linkweave.providers.dub.settings import DubSettings, plan_gaps, rate_limits
from linkweave.providers.dub.wire import drop_passwords
from linkweave.providers.record import Provider, SandboxAccount
from linkweave.transport.http.auth import HeaderKey

PROVIDER: Final = Provider(
    id="dub",
    name="Dub",
    documentation_url="https://dub.co/docs/api-reference/introduction",
    credentials_from="an API key of the workspace, from its settings at Dub",
    base_url="https://api.dub.co",
    settings=DubSettings,
    adapter=DubAdapter,
    credentials=lambda settings, _clock: HeaderKey("authorization", settings.token, "Bearer "),
    rate_limits=rate_limits,
    plan_gaps=plan_gaps,
    classify=classify,
    drop=drop_passwords,
    emulator="linkweave.providers.dub.emulator:create_emulator",
    sandbox_accounts=(
        SandboxAccount("dub", "Social", {"token": "dub_sandbox", "plan": "advanced", "workspace": "ws_sandbox"}),
    ),
)
