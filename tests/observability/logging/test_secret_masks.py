"""Secrets are masked in every form in which they travel."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from linkweave.observability import SecretMasks
from linkweave.settings import AccountSettings, CacheSettings, Secret, Settings, from_table, known_secrets

SECRET = 'a b/c"d+é\\f'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        "a%20b%2fc%22d%2b%c3%a9%5cf",
        b64encode(SECRET.encode()).decode(),
        r"a b/c\"d+é\\f",
        r"a b/c\"d+\u00e9\\f",
    ],
)
def test_a_secret_is_masked_in_every_form_in_which_it_travels(form: str) -> None:
    masks = SecretMasks([SECRET])
    assert masks.text(f"x {form.rstrip('=')} y") == "x *** y"
    assert masks.line(f"x {form.rstrip('=')} y".encode()) == b"x *** y"


def test_a_secret_within_another_one_leaves_nothing() -> None:
    assert SecretMasks(["secret", "secret-and-more"]).text("secret-and-more") == "***"


def test_a_short_secret_is_not_masked() -> None:
    assert SecretMasks(["a", "key"]).text("a key") == "a key"


class Vendor(AccountSettings):
    username: str
    api_key: Secret


def test_every_secret_of_a_configuration_is_known() -> None:
    settings = from_table(
        {
            "server": {"secret": "signs-cursors"},
            "cache": {"url": "redis://user:pass%20word@cache:6379"},
            "accounts": [{"key": "a", "provider": "tinycc"}],
        },
        "demo",
    )
    account = Vendor(key="a", provider="tinycc", username="joe", api_key=SecretStr("key-of-joe"))
    known = set(known_secrets((settings, (account,))))
    assert known >= {"signs-cursors", "pass%20word", "pass word", "key-of-joe", "joe:key-of-joe"}
    assert not known & {"a", "tinycc", "joe", "127.0.0.1"}


def test_a_text_that_is_no_url_holds_no_password() -> None:
    assert set(known_secrets(("http://[", "http://host/path", "plain"))) == set()


def test_the_defaults_of_the_settings_hold_no_secret() -> None:
    assert set(known_secrets((CacheSettings(), Settings.model_fields["log"].default))) == {"memory://"}
