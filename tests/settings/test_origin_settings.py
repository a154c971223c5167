"""Names of hosts and origins in the configuration, as browsers will send them."""

import pytest

from linkweave.errors import ConfigurationError
from linkweave.settings import ServerSettings, from_table


def server(**keys: object) -> ServerSettings:
    return from_table({"accounts": [{}], "server": keys}, "demo").server


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("HTTPS://App.Example.COM", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://app.example.com:80", "https://app.example.com:80"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("*", "*"),
    ],
)
def test_an_origin_is_stored_as_browsers_write_it(written: str, origin: str) -> None:
    assert server(allowed_origins=[written]).allowed_origins == (origin,)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "null",
        "app.example.com",
        "https://",
        "https://app.example.com/",
        "https://app.example.com/app",
        "https://app.example.com?x",
        "https://app.example.com#x",
        "https://me@app.example.com",
        "https://app.example.com:0",
        "https://app.example.com:99999",
        "https://app.example.com:",
        "https://[::1",
        "https://*.example.com",
        "https://app example.com",
        "ftp://app.example.com",
        "**",
    ],
)
def test_a_value_that_no_browser_sends_as_an_origin_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        server(allowed_origins=["https://a.example", written])
    assert str(caught.value) == (
        "demo: server.allowed_origins[1]: must be an origin without a path, like https://app.example.com, "
        'or "*" for every page'
    )


@pytest.mark.parametrize(
    "written", ["go.example.com", "GO.example.com", "gateway", "192.168.0.1", "::1", "a_b.example"]
)
def test_a_host_is_a_name_or_an_address(written: str) -> None:
    assert server(allowed_hosts=[written]).allowed_hosts == (written.lower(),)


@pytest.mark.parametrize(
    "written", ["", "*", "*.example.com", "go.example.com:80", "http://go.example.com", "[::1]", "a b", "-a", "a.", "ä"]
)
def test_a_value_that_is_not_a_host_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        server(allowed_hosts=[written])
    assert str(caught.value) == (
        "demo: server.allowed_hosts[0]: must be a host name or an address without scheme and port, like go.example.com"
    )


@pytest.mark.parametrize("written", ["", "x tenant", "x:tenant", "x-tenant\r\n", "x" * 101, "é"])
def test_a_value_that_is_no_name_of_a_header_is_refused(written: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        server(allowed_headers=["X-Tenant", written])
    assert str(caught.value) == "demo: server.allowed_headers[1]: must be the name of a header, like x-tenant"
