"""`linkweave listen` and `linkweave unlisten` over a gateway in this process."""

import httpx2
import pytest

from linkweave.cli.gateway.client import GatewayClient
from linkweave.cli.listen.command import LISTEN, UNLISTEN, send, show_end, show_listening
from linkweave.providers.discovery import discover
from linkweave.testing.gateway import open_gateway

HOOKS = {"hooks": {"secret": "a secret for the tests of webhooks"}}
URL = "https://links.example.com"


async def test_both_print_what_became_of_the_webhooks(capsys: pytest.CaptureFixture[str]) -> None:
    known = discover()
    gateway = open_gateway(providers={name: known[name] for name in ("dub", "rebrandly")}, sections=HOOKS)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=gateway.app), timeout=None) as http:
        client = GatewayClient(http, "http://127.0.0.1/graphql")
        assert show_listening(await send(client, LISTEN, "dub", URL))
        out, err = capsys.readouterr()
        assert "sends its webhooks to the gateway" in out
        assert 'webhook_secret = "whsec_' in out
        assert (err, URL in out) == ("", False)
        assert show_listening(await send(client, LISTEN, "rebrandly", URL))
        out, err = capsys.readouterr()
        assert out.startswith(f"{URL}/hooks/rebrandly/")
        assert "no API" in err
        assert show_end(await send(client, UNLISTEN, "dub", URL))
        assert capsys.readouterr().out == "1 webhook was taken away.\n"
        assert not show_end(await send(client, UNLISTEN, "nobody", URL))
        assert "nobody" in capsys.readouterr().err
