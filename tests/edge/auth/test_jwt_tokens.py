"""Tokens of an issuer: a valid one gives the access of its claims, and every other is refused."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import jwt
import pytest

from harness.gateway import Gateway
from harness.gateway_with_clients import ROOT, open_guarded
from harness.jwt_issuer import AT, AUDIENCE, ISSUER, ec_key, ed_key, jwk, key_set, pem, rsa_key, token

SETTINGS = {"issuer": ISSUER, "audience": AUDIENCE, "algorithms": ["RS256", "PS256", "ES256", "EdDSA"]}
QUERY = {"query": "{ accounts { key } }"}
SET = key_set(
    {"kty": "oct", "kid": "shared", "k": "c2hhcmVk"},
    {"kty": "later", "kid": "unknown"},
    "nonsense",
    {"kty": "RSA", "kid": "broken", "n": 5, "e": []},
    {"kty": "RSA", "kid": "listed", "alg": ["RS256"]},
    jwk(rsa_key(2), "encrypts", use="enc"),
    jwk(rsa_key(), "a", alg="RS256", use="sig"),
    jwk(rsa_key(1), "b"),
    jwk(rsa_key(3, 1_024), "weak"),
    jwk(ec_key(), "c"),
    jwk(ed_key(), "d"),
)


@pytest.fixture
async def gateway(tmp_path: Path) -> Gateway:
    return with_keys(tmp_path, SET)


def with_keys(folder: Path, keys: bytes, **settings: object) -> Gateway:
    path = folder / "keys.json"
    path.write_bytes(keys)
    return open_guarded(jwt={**SETTINGS, "jwks": str(path), **settings})


async def ask(gateway: Gateway, bearer: str, query: object = None) -> Any:
    async with gateway.bearing(bearer).client() as http:
        return await http.post("/graphql", json=query or QUERY)


async def assert_refused(gateway: Gateway, bearer: str, message: str = "This token is unknown.") -> None:
    answer = await ask(gateway, bearer)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="linkweave", error="invalid_token"'
    (error,) = answer.json()["errors"]
    assert error == {"message": message, "extensions": {"code": "UNAUTHENTICATED"}}
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "bearer",
    [
        token,
        lambda: token(rsa_key(1), "b"),
        lambda: token(rsa_key(1), "b", "PS256"),
        lambda: token(ec_key(), "c", "ES256"),
        lambda: token(ed_key(), "d", "EdDSA"),
        lambda: token(aud=["other", AUDIENCE]),
        lambda: token(nbf=AT - 1, iat=None),
        lambda: token(nbf=AT + 29, iat=AT + 29),
        lambda: token(exp=AT - 29),
    ],
)
async def test_a_token_of_the_issuer_gives_access(gateway: Gateway, bearer: Any) -> None:
    answer = await ask(gateway, bearer())
    assert answer.json() == {"data": {"accounts": [{"key": "picsee-main"}]}}


async def test_clients_of_the_configuration_have_access_besides_it(gateway: Gateway) -> None:
    assert len((await ask(gateway, ROOT)).json()["data"]["accounts"]) == 5


@pytest.mark.parametrize(
    ("changes", "accounts"),
    [
        ({"accounts": ["zz-t", "picsee-main"]}, ["picsee-main", "zz-t"]),
        ({"accounts": "zz-t picsee-main"}, ["picsee-main", "zz-t"]),
        ({"accounts": ["*"]}, ["zz-u", "zz-c", "picsee-main", "zz-s", "zz-t"]),
        ({"accounts": "*"}, ["zz-u", "zz-c", "picsee-main", "zz-s", "zz-t"]),
        ({"accounts": ["of-another-gateway", "zz-t"]}, ["zz-t"]),
        ({"accounts": []}, []),
        ({"accounts": None}, []),
        ({"accounts": 5}, []),
        ({"accounts": {"*": True}}, []),
        ({"accounts": [["*"], None, 5]}, []),
        ({"accounts": True}, []),
    ],
)
async def test_a_bearer_sees_the_accounts_of_the_claim(
    gateway: Gateway, changes: dict[str, Any], accounts: list[str]
) -> None:
    answer = await ask(gateway, token(**changes))
    assert [account["key"] for account in answer.json()["data"]["accounts"]] == accounts


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("read", None),
        (["openid", "read"], None),
        ("write", "FORBIDDEN"),
        ("openid reads", "FORBIDDEN"),
        ("READ", "FORBIDDEN"),
        (None, "FORBIDDEN"),
        ([["read"]], "FORBIDDEN"),
        ({"read": True}, "FORBIDDEN"),
        ("*", "FORBIDDEN"),
    ],
)
async def test_a_bearer_has_the_scopes_of_the_claim(gateway: Gateway, scope: object, code: str | None) -> None:
    errors = (await ask(gateway, token(scope=scope))).json().get("errors", [])
    assert [error["extensions"]["code"] for error in errors] == ([] if code is None else [code])


async def test_the_claims_may_have_other_names(tmp_path: Path) -> None:
    names = {"scopes_claim": "permissions", "accounts_claim": "https://gateway.test/accounts"}
    gateway = with_keys(tmp_path, SET, **names)
    claims: Any = {"permissions": ["read"], "https://gateway.test/accounts": ["zz-c"], "scope": None}
    answer = await ask(gateway, token(**claims))
    assert answer.json() == {"data": {"accounts": [{"key": "zz-c"}]}}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"exp": AT - 31}, "it has expired"),
        ({"exp": None}, "it has no exp"),
        ({"exp": "tomorrow"}, "its exp must be a number"),
        ({"exp": True}, "its exp must be a number"),
        ({"exp": float("nan")}, "it has expired"),
        ({"nbf": AT + 31}, "it is not valid yet"),
        ({"nbf": float("nan")}, "it is not valid yet"),
        ({"nbf": "now"}, "its nbf must be a number"),
        ({"iat": AT + 31}, "it is not valid yet"),
        ({"iat": []}, "its iat must be a number"),
        ({"aud": None}, "it has no aud"),
        ({"aud": "other"}, "its aud is another"),
        ({"aud": f"{AUDIENCE}x"}, "its aud is another"),
        ({"aud": [f"{AUDIENCE}x"]}, "its aud is another"),
        ({"aud": []}, "it has no aud"),
        ({"iss": None}, "it has no iss"),
        ({"iss": "https://id.test"}, "its iss is another"),
        ({"iss": "https://evil.test/"}, "its iss is another"),
        ({"sub": None}, "it has no sub"),
        ({"sub": ""}, "its sub must be 1 to 200 printable characters"),
        ({"sub": "a\nb"}, "its sub must be 1 to 200 printable characters"),
        ({"sub": "a" * 201}, "its sub must be 1 to 200 printable characters"),
    ],
)
async def test_a_token_that_is_not_valid_here_or_at_this_time_is_refused_with_the_reason(
    gateway: Gateway, changes: dict[str, Any], problem: str
) -> None:
    await assert_refused(gateway, token(**changes), f"This token is not accepted: {problem}.")


def unsigned(header: dict[str, object], key: bytes | None = None) -> str:
    """A token with a header of one's own; signed with HMAC where there is a key."""
    claims = jwt.decode(token(), options={"verify_signature": False})
    pieces = [urlsafe_b64encode(json.dumps(piece).encode()).rstrip(b"=") for piece in (header, claims)]
    signature = b"" if key is None else hmac.new(key, b".".join(pieces), hashlib.sha256).digest()
    return b".".join([*pieces, urlsafe_b64encode(signature).rstrip(b"=")]).decode()


FORGED = {
    "signed by another": lambda: token(rsa_key(4)),
    "signed by another of the issuer's keys": lambda: token(rsa_key(1), "a"),
    "an unknown key": lambda: token(kid="z"),
    "no key named, of several": lambda: token(kid=None),
    "an algorithm that is not allowed": lambda: token(rsa_key(1), "b", "RS512"),
    "another algorithm than the key is for": lambda: token(rsa_key(), "a", "PS256"),
    "another kind of key": lambda: token(rsa_key(1), "c"),
    "a key for encryption": lambda: token(rsa_key(2), "encrypts"),
    "a weak key": lambda: token(rsa_key(3, 1_024), "weak"),
    "a broken key": lambda: token(kid="broken"),
    "none": lambda: unsigned({"alg": "none", "kid": "a", "typ": "JWT"}),
    "None": lambda: unsigned({"alg": "None", "kid": "a"}),
    "no algorithm": lambda: unsigned({"kid": "a"}),
    "an algorithm that is a list": lambda: unsigned({"kid": "a", "alg": ["RS256"]}),
    "no signature": lambda: unsigned({"alg": "RS256", "kid": "a"}),
    "a shared secret": lambda: unsigned({"alg": "HS256", "kid": "shared"}, b"shared"),
    "the public key as a shared secret": lambda: unsigned({"alg": "HS256", "kid": "a"}, pem(rsa_key())),
    "a key that it brings itself": lambda: jwt.encode(
        jwt.decode(token(), options={"verify_signature": False}),
        rsa_key(4),
        "RS256",
        headers={"jwk": jwk(rsa_key(4), "a"), "jku": "https://evil.test/keys"},
    ),
    "a header that is critical": lambda: unsigned({"alg": "RS256", "kid": "a", "crit": ["x"], "x": 1}),
    "a name that is a number": lambda: unsigned({"alg": "RS256", "kid": 5}),
    "a name that is a list": lambda: unsigned({"alg": "RS256", "kid": ["a"]}),
    "changed claims": lambda: ".".join(
        [token().split(".")[0], token(accounts="*").split(".")[1], token().split(".")[2]]
    ),
    "three pieces of nothing": lambda: "..",
    "no JSON": lambda: "a.b.c",
    "a header that is a list": lambda: f"{urlsafe_b64encode(b'[]').decode().rstrip('=')}.e30.e30",
    "two pieces": lambda: token().rpartition(".")[0],
    "four pieces": lambda: token() + ".x",
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_token_that_the_issuer_did_not_sign_for_this_gateway_is_refused(gateway: Gateway, forged: Any) -> None:
    await assert_refused(gateway, forged())


async def test_a_token_need_not_name_its_key_if_there_is_only_one(tmp_path: Path) -> None:
    gateway = with_keys(tmp_path, key_set(jwk(rsa_key(), None)))
    assert (await ask(gateway, token(kid=None))).status_code == 200
    await assert_refused(gateway, token(rsa_key(1), None))
    await assert_refused(gateway, token(kid="a"))


async def test_a_token_is_refused_once_it_expires_even_if_it_was_verified_a_moment_before(gateway: Gateway) -> None:
    bearer = token(exp=AT + 10)
    assert (await ask(gateway, bearer)).status_code == 200
    await gateway.clock.sleep(39)
    assert (await ask(gateway, bearer)).status_code == 200
    await gateway.clock.sleep(1)
    await assert_refused(gateway, bearer, "This token is not accepted: it has expired.")


async def test_each_subject_has_idempotency_keys_of_its_own(gateway: Gateway) -> None:
    create = """mutation {
      createLink(input: { destination: "https://e.example/once", accounts: ["picsee-main"], idempotencyKey: "1" }) {
        link { id }
      }
    }"""
    links = [
        (await ask(gateway, token(sub=subject), {"query": create})).json()["data"]["createLink"]["link"]["id"]
        for subject in ("ann", "bob", "ann")
    ]
    assert links[0] == links[2] != links[1]


async def test_without_an_issuer_its_tokens_are_unknown() -> None:
    await assert_refused(open_guarded(), token())
