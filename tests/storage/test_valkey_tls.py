"""The password of `[cache]` is not sent to a server whose certificate is not trusted."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from harness.certificates import LOOPBACK, tls_server
from linkweave.clock import SystemClock
from linkweave.storage.valkey import Valkey

PASSWORD = "nobody-may-see-this"


async def test_nothing_is_sent_to_a_server_whose_certificate_is_not_trusted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with tls_server(tmp_path, LOOPBACK) as server:
        valkey = Valkey(SecretStr(f"rediss://:{PASSWORD}@127.0.0.1:{server.port}/0"), "test", 5.0, SystemClock())
        assert await valkey.probe() is not None
        await valkey.close()
    assert server.received == []
    assert f"127.0.0.1:{server.port} cannot be reached" in caplog.text
    assert PASSWORD not in caplog.text


async def test_commands_are_sent_to_a_server_whose_certificate_is_not_checked(tmp_path: Path) -> None:
    """So the certificate is the reason in the test above: only the address differs here."""
    async with tls_server(tmp_path, LOOPBACK) as server:
        url = f"rediss://:{PASSWORD}@127.0.0.1:{server.port}/0?ssl_cert_reqs=none&ssl_check_hostname=false"
        valkey = Valkey(SecretStr(url), "test", 5.0, SystemClock())
        assert await valkey.probe() is not None
        await valkey.close()
    assert PASSWORD.encode() in b"".join(server.received)
