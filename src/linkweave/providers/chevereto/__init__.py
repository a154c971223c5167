"""Chevereto, as pic.li runs it: API v1.1, https://pic.li/api-v1."""

from typing import Final

from linkweave.providers.chevereto.adapter import BUCKET, CheveretoAdapter
from linkweave.providers.chevereto.refusals import classify
from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.providers.record import Provider, SandboxAccount, operator_rate_limit
from linkweave.transport.http.auth import HeaderKey

PROVIDER: Final = Provider(
    id="chevereto",
    name="pic.li (Chevereto)",
    documentation_url="https://pic.li/api-v1",
    credentials_from="the API key of your user, from the site's settings",
    base_url="https://pic.li",
    # DOC: every call has this path.
    api_path="/api/1/upload",
    settings=CheveretoSettings,
    adapter=CheveretoAdapter,
    credentials=lambda settings, _clock: HeaderKey("x-api-key", settings.api_key),
    rate_limits=operator_rate_limit(BUCKET),
    classify=classify,
    without_domains="nothing: uploaded files are no links of a domain",
    emulator="linkweave.providers.chevereto.emulator:create_emulator",
    sandbox_accounts=(SandboxAccount("chevereto", "Images", {"api_key": "sandbox-chevereto-key"}),),
)
