"""A server of `[cache]` behind TLS: one whose certificate nobody vouches for is not told the password."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from harness.certificates import LOOPBACK, tls_server
from linkweave.clock import SystemClock
from linkweave.storage.valkey import Valkey

PASSWORD = "nobody-may-see-this"


async def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with tls_server(tmp_path, LOOPBACK) as server:
        valkey = Valkey(SecretStr(f"rediss://:{PASSWORD}@127.0.0.1:{server.port}/0"), "test", 5.0, SystemClock())
        assert not await valkey.ping()
        await valkey.close()
    assert server.received == []
    assert f"127.0.0.1:{server.port} cannot be reached" in caplog.text
    assert PASSWORD not in caplog.text


async def test_a_server_behind_tls_is_asked_when_nobody_checks_its_certificate(tmp_path: Path) -> None:
    """The other one is not asked because of its certificate: here only the address says that it does not matter."""
    async with tls_server(tmp_path, LOOPBACK) as server:
        url = f"rediss://:{PASSWORD}@127.0.0.1:{server.port}/0?ssl_cert_reqs=none&ssl_check_hostname=false"
        valkey = Valkey(SecretStr(url), "test", 5.0, SystemClock())
        assert not await valkey.ping()
        await valkey.close()
    assert PASSWORD.encode() in b"".join(server.received)
