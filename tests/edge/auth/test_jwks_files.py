"""Keys in a file: found beside the configuration, and refused at the start where nothing can be verified with them."""

from pathlib import Path

import pytest

from harness.jwt_issuer import AUDIENCE, ISSUER, jwk, key_set, rsa_key
from linkweave.app import build_app
from linkweave.edge.auth.setup import local_keys
from linkweave.errors import ConfigurationError
from linkweave.settings import Settings, load

CONFIGURATION = f"""
[jwt]
jwks = "keys/issuer.json"
issuer = "{ISSUER}"
audience = "{AUDIENCE}"
[[accounts]]
key = "main"
provider = "picsee"
token = "t"
"""


def settings(folder: Path, keys: bytes | None) -> Settings:
    path = folder / "linkweave.toml"
    path.write_text(CONFIGURATION)
    (folder / "keys").mkdir()
    if keys is not None:
        (folder / "keys" / "issuer.json").write_bytes(keys)
    return load(path, {})


def test_a_key_file_is_searched_beside_the_configuration(tmp_path: Path) -> None:
    found = local_keys(settings(tmp_path, key_set(jwk(rsa_key(), "a"), {"kty": "oct", "kid": "b", "k": "c2hhcmVk"})))
    assert found is not None
    assert [key.name for key in found.keys] == ["a"]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "is not JSON"),
        (b"-----BEGIN PUBLIC KEY-----", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", 'is not a JSON Web Key Set: it needs the member "keys", a list'),
        (b'{"kty": "RSA"}', 'is not a JSON Web Key Set: it needs the member "keys", a list'),
        (b'{"keys": []}', "has no public key with which signatures can be verified"),
        (key_set({"kty": "oct", "k": "c2hhcmVk"}), "has no public key with which signatures can be verified"),
    ],
)
def test_a_file_that_is_not_a_key_set_stops_the_start(tmp_path: Path, keys: bytes | None, problem: str) -> None:
    read = settings(tmp_path, keys)
    for start in (build_app, local_keys):
        with pytest.raises(ConfigurationError) as caught:
            start(read)
        assert str(caught.value) == f"{tmp_path}/linkweave.toml: jwt.jwks: {tmp_path}/keys/issuer.json {problem}"
