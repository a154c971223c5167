"""The clients of the configuration: each error is named by its key, without the value."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from linkweave.errors import ConfigurationError
from linkweave.settings import Scope, Settings, from_table

DIGEST = "0123456789abcdef" * 4
ACCOUNTS = [{"key": "main", "provider": "cuttly"}, {"key": "other", "provider": "tinycc"}]
CLIENT = {"name": "dashboard", "token_sha256": DIGEST, "accounts": ["*"]}
JWT = {"jwks": "https://id.example/keys", "issuer": "https://id.example", "audience": "linkweave"}


def read(**sections: object) -> Settings:
    return from_table({"accounts": ACCOUNTS, **sections}, "demo")


def refusal(**sections: object) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(**sections)
    return str(caught.value).splitlines()


def changed(table: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in {**table, **changes}.items() if value is not None}


def test_a_client_has_the_scope_read_by_default() -> None:
    (client,) = read(clients=[CLIENT]).clients
    assert (client.name, client.scopes, client.accounts) == ("dashboard", (Scope.READ,), ("*",))
    assert client.requests_per_minute is None


def test_every_key_of_a_client_is_read() -> None:
    table = {
        **CLIENT,
        "token_sha256": DIGEST.upper(),
        "scopes": ["read", "write", "admin"],
        "accounts": ["other", "main"],
        "requests_per_minute": 600,
    }
    (client,) = read(clients=[table]).clients
    assert client.token_sha256 == DIGEST
    assert client.scopes == (Scope.READ, Scope.WRITE, Scope.ADMIN)
    assert (client.accounts, client.requests_per_minute) == (("other", "main"), 600)


def test_the_hash_of_a_token_is_not_shown() -> None:
    assert DIGEST not in repr(read(clients=[CLIENT]))


NEEDS_ACCOUNT = 'must name at least one account, or be ["*"] for every account'


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": None}, "clients[0].name: is required, but missing"),
        ({"name": "The Dashboard"}, "clients[0].name: must be lower-case letters, digits, "),
        ({"token_sha256": None}, "clients[0].token_sha256: is required, but missing"),
        ({"token_sha256": "lw_token"}, "clients[0].token_sha256: must be the SHA-256 of the token in 64 hexadecimal "),
        ({"token_sha256": DIGEST[1:]}, "clients[0].token_sha256: must be the SHA-256 of the token in 64 hexadecimal "),
        ({"token_sha256": f"{DIGEST}\n"}, "clients[0].token_sha256: must be the SHA-256 of the token in 64 "),
        ({"token_sha256": "g" * 64}, "clients[0].token_sha256: must be the SHA-256 of the token in 64 hexadecimal "),
        ({"token": "lw_token"}, "clients[0].token: is not a known key"),
        ({"accounts": None}, "clients[0].accounts: is required, but missing"),
        ({"accounts": []}, f"clients[0].accounts: {NEEDS_ACCOUNT}"),
        ({"accounts": ["*", "main"]}, f"clients[0].accounts: {NEEDS_ACCOUNT}"),
        ({"accounts": "main"}, "clients[0].accounts: must be a list"),
        ({"scopes": []}, "clients[0].scopes: must have at least one of read, write and admin"),
        ({"scopes": ["root"]}, "clients[0].scopes[0]: input should be 'read', 'write' or 'admin'"),
        ({"requests_per_minute": 0}, "clients[0].requests_per_minute: input should be greater than or equal to 1"),
        ({"requests_per_minute": 2_000_000}, "clients[0].requests_per_minute: input should be less than or equal to"),
    ],
)
def test_each_error_in_a_client_is_named_by_its_key(changes: Mapping[str, object], message: str) -> None:
    (line,) = refusal(clients=[changed(CLIENT, changes)])
    assert line.startswith(f"demo: {message}")
    assert "lw_token" not in line


def test_a_client_can_only_have_configured_accounts() -> None:
    (line,) = refusal(clients=[{**CLIENT, "accounts": ["main", "mian"]}])
    assert line == (
        "demo: clients[0] (dashboard).accounts: 'mian' is not an account; allowed: \"*\", or some of main, other; "
        "did you mean 'main'?"
    )


def test_clients_have_names_and_tokens_of_their_own() -> None:
    same = {**CLIENT, "name": "other"}
    assert refusal(clients=[CLIENT, same, {**CLIENT, "token_sha256": "f" * 64}]) == [
        "demo: clients[1] (other).token_sha256: is the same as another client's; each needs a token of its own",
        "demo: clients[2] (dashboard).name: 'dashboard' is already used by another client",
    ]


def test_with_authentication_the_gateway_may_listen_on_every_address() -> None:
    server = {"host": "0.0.0.0"}  # noqa: S104 - what is tested
    assert read(server=server, clients=[CLIENT]).requires_authentication
    assert read(server=server, jwt=JWT).requires_authentication
    assert not read().requires_authentication


def test_the_tokens_of_an_issuer_need_three_keys() -> None:
    jwt = read(jwt=JWT).jwt
    assert jwt is not None
    assert (jwt.algorithms, jwt.scopes_claim, jwt.accounts_claim) == (("RS256",), "scope", "accounts")
    assert (jwt.leeway_seconds, jwt.requests_per_minute, jwt.keys_are_remote) == (30, None, True)
    for key in JWT:
        assert refusal(jwt=changed(JWT, {key: None})) == [f"demo: jwt.{key}: is required, but missing"]


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS384", "HS512", "RS1", "", "rs256"])
def test_only_algorithms_with_a_public_key_are_accepted(algorithm: str) -> None:
    (line,) = refusal(jwt={**JWT, "algorithms": ["RS256", algorithm]})
    assert line.startswith("demo: jwt.algorithms[1]: input should be 'RS256', 'RS384', ")
    assert "HS" not in line


def test_an_issuer_needs_an_algorithm() -> None:
    assert refusal(jwt={**JWT, "algorithms": []}) == ["demo: jwt.algorithms: must not be empty"]


@pytest.mark.parametrize("leeway", [-1, 301, "long"])
def test_the_leeway_is_bounded(leeway: object) -> None:
    assert refusal(jwt={**JWT, "leeway_seconds": leeway})[0].startswith("demo: jwt.leeway_seconds: ")


@pytest.mark.parametrize(
    "url",
    [
        "https://id.example/keys?policy=a",
        "https://id.example:8443/keys",
        "http://127.0.0.1:9000/keys",
        "http://[::1]/keys",
        "http://keycloak:8080/realms/a/protocol/openid-connect/certs",
    ],
)
def test_keys_are_fetched_by_https_unless_they_are_on_this_network(url: str) -> None:
    jwt = read(jwt={**JWT, "jwks": url}).jwt
    assert jwt is not None
    assert jwt.keys_are_remote


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example.com/keys",
        "ftp://id.example/keys",
        "file:///etc/keys",
        "https://",
        "https://me:secret@id.example/keys",
        "http://[::1].evil.example/keys",
        "https://id.example/keys#now",
        "https://id.example:0/keys",
        "https://id.example:port/keys",
        "https://[::1/keys",
        "https://id.example/a b",
        "https://id.example/a\n",
        "",
        " ",
        "keys\x00.json",
    ],
)
def test_a_value_that_is_neither_a_safe_url_nor_a_path_is_refused(url: str) -> None:
    (line,) = refusal(jwt={**JWT, "jwks": url})
    assert line.startswith("demo: jwt.jwks: must be")
    assert "secret" not in line


def test_several_errors_are_reported_at_once() -> None:
    tables: Any = json.loads(json.dumps([{**CLIENT, "scopes": ["x"]}, {"name": "b"}]))
    assert [line.split(": ")[1] for line in refusal(clients=tables, jwt={})] == [
        "clients[0].scopes[0]",
        "clients[1].token_sha256",
        "clients[1].accounts",
        "jwt.jwks",
        "jwt.issuer",
        "jwt.audience",
    ]
