"""The settings of an account: its key, its secrets, and the address of its vendor."""

import pytest

from harness.keyed_accounts import SECRET, Keyed, account
from linkweave.settings import describe


def objection(**changes: object) -> str:
    """The error for an account, which never has the value."""
    with pytest.raises(ValueError, match="validation error") as caught:
        account(**changes)
    return describe(caught.value, "FILE", "accounts[0]")  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["a", "picsee-main", "0.a_b-c", "a" * 64])
def test_keys_are_short_and_plain(key: str) -> None:
    assert account(key=key).key == key


@pytest.mark.parametrize("key", ["", "A", "-a", ".a", "a b", "ä", "a/b", "a:b", "a\n", "a" * 65])
def test_an_invalid_key_is_refused_with_what_is_allowed(key: str) -> None:
    assert objection(key=key) == (
        "FILE: accounts[0].key: must be lower-case letters, digits, '.', '_' and '-', "
        "the first a letter or digit, at most 64"
    )


@pytest.mark.parametrize("token", [f"{SECRET}\n", f" {SECRET}", f"{SECRET}\t", f"{SECRET}\x00{SECRET}", "\ud800"])
def test_a_secret_that_was_copied_badly_is_refused_at_the_start(token: str) -> None:
    message = objection(token=token)
    assert message.startswith("FILE: accounts[0].token: has white space around it, or an unprintable character")
    assert SECRET not in message


def test_a_secret_may_contain_blanks_and_any_letter() -> None:
    assert account(token="pass wörd").token.get_secret_value() == "pass wörd"


def test_a_missing_secret_and_an_unknown_key_are_named() -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        Keyed.model_validate({"key": "main", "provider": "any", "tokn": SECRET})
    assert describe(caught.value, "FILE", "accounts[0] (main)") == (  # type: ignore[arg-type]
        "FILE: accounts[0] (main).token: is required, but missing\nFILE: accounts[0] (main).tokn: is not a known key"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://api.pics.ee",
        "https://api.shortenworld.com/v1",
        "https://tiny.cc:8443/tiny/api/3/",
        "https://8.8.8.8/api",
        "http://127.0.0.1:9000/picsee",
        "http://[::1]:9000",
        "http://localhost:9000",
        "http://10.1.2.3",
        "http://172.17.0.2:9000",
        "http://[fd00::1]",
        "http://sandbox:9000/picsee",
        "http://emulator",
        "http://picsee.test",
        "http://picsee.test./",
        "http://api.localhost",
        "http://sandbox.internal",
    ],
)
def test_vendors_are_reached_by_https_and_emulators_by_http(url: str) -> None:
    assert account(base_url=url).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.pics.ee",
        "http://cycsch.me/tiny/api/3",
        "http://8.8.8.8",
        "http://[2001:4860:4860::8888]",
        "http://a.test.com",
        "http://evil\u2488com",
    ],
)
def test_http_to_another_machine_is_refused_because_credentials_would_travel_in_the_clear(url: str) -> None:
    assert objection(base_url=url) == (
        "FILE: accounts[0].base_url: must begin with https://, or this account's credentials would travel in the "
        "clear; http:// is for emulators, at loopback and private addresses, names without a dot, and names that end "
        "in .test"
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.pics.ee",
        "//api.pics.ee",
        "ftp://api.pics.ee",
        "https://",
        "https:///v1",
        "https://:443",
        "https://api.pics.ee:port",
        "https://api.pics.ee:99999",
        "https://api.pics.ee:0",
        "https://[::1",
        "https://api.pics.ee?key=nobody-may-see-this",
        "https://api.pics.ee/?",
        "https://api.pics.ee/#top",
        "https://nobody-may-see-this@api.pics.ee",
        "https://me:nobody-may-see-this@api.pics.ee/v1",
        "https://api.pics.ee/a b",
        "https://api.pics.ee\n",
        "https://api.pics.ee\\@elsewhere.example",
        "https://api.pics.ee/\x00",
        "https://api!.pics.ee",
        "http://[::1].evil.example",
        "http://[::1]evil.example",
        "http://localhost@evil.example",
        "http://localhost:80@evil.example",
        "https://[api.pics.ee]",
    ],
)
def test_a_url_of_another_form_is_refused(url: str) -> None:
    message = objection(base_url=url)
    assert message == (
        "FILE: accounts[0].base_url: must be a URL such as https://api.example.com/v1, without user, query and fragment"
    )


def test_domains_are_stored_in_lower_case() -> None:
    assert account(domains=["Go.Example.COM "]).domains == ("go.example.com",)
    assert objection(domains=["a", ""]).startswith("FILE: accounts[0].domains[1]: ")


@pytest.mark.parametrize("seconds", [0, -1, 301, "soon"])
def test_the_timeout_of_a_call_is_bounded(seconds: object) -> None:
    assert objection(timeout_seconds=seconds).startswith("FILE: accounts[0].timeout_seconds: ")
