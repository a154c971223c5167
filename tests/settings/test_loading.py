"""The configuration: which values are read and which are refused, with errors that help and show no secret."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from linkweave.errors import ConfigurationError
from linkweave.settings import AccountSettings, CacheSettings, Secret, Settings, describe, from_table, is_loopback, load

SECRET = "nobody-may-see-this"
ACCOUNT = '[[accounts]]\nkey = "main"\nprovider = "cuttly"\napi_key = "k"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "linkweave.toml"


def read(file: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    file.write_text(text, "utf-8")
    return load(file, environment or {})


def refusal(file: Path, text: str, environment: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(file, text, environment)
    assert caught.value.__cause__ is None
    assert SECRET not in str(caught.value)
    return str(caught.value).replace(str(file), "FILE")


class Keyed(AccountSettings):
    """An account with a credential."""

    token: Secret


def account(**changes: object) -> Keyed:
    return Keyed.model_validate({"key": "main", "provider": "any", "token": "t", **changes})


def objection(**changes: object) -> str:
    """The error for an account, which never has the value."""
    with pytest.raises(ValueError, match="validation error") as caught:
        account(**changes)
    return describe(caught.value, "FILE", "accounts[0]")  # type: ignore[arg-type]


def test_a_key_that_is_left_out_has_its_default(file: Path) -> None:
    settings = read(file, ACCOUNT)
    assert (settings.server.host, settings.server.port, settings.server.deadline_seconds) == ("127.0.0.1", 8000, 10)
    assert settings.server.secret is None
    assert settings.cache.url.get_secret_value() == "memory://"
    assert (settings.clients, settings.source) == ((), file)
    assert settings.accounts == ({"key": "main", "provider": "cuttly", "api_key": "k"},)


def test_variables_are_replaced_in_every_value(file: Path) -> None:
    text = (
        '[server]\nport = "${PORT}"\n'
        '[[accounts]]\nkey = "${NAME}-${NAME}"\ndomains = ["a.example", "${NAME}.example"]\n'
        'extra = {deep = ["${NAME}"]}\nnumber = 5\n'
    )
    settings = read(file, text, {"PORT": "9000", "NAME": "x"})
    assert settings.server.port == 9000
    assert settings.accounts == (
        {"key": "x-x", "domains": ["a.example", "x.example"], "extra": {"deep": ["x"]}, "number": 5},
    )


def test_the_value_of_a_variable_is_not_expanded_again(file: Path) -> None:
    value = 'with "quotes", \\ and ${OTHER}'
    assert read(file, '[[accounts]]\nkey = "${X}"\n', {"X": value}).accounts[0]["key"] == value


@pytest.mark.parametrize("text", ["$NAME", "${}", "${1A}", "${a-b}", "$${", "100 %"])
def test_text_that_only_looks_like_a_variable_stays(file: Path, text: str) -> None:
    assert read(file, f'[[accounts]]\nkey = "{text}"\n').accounts[0]["key"] == text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[server]\nsecret = "${GONE}"\n' + ACCOUNT, "server.secret"),
        (ACCOUNT + ACCOUNT + 'token = "a${GONE}"', "accounts[1].token"),
        (ACCOUNT + 'domains = ["a", "${GONE}"]', "accounts[0].domains[1]"),
        ('[server]\nport = "${GONE}"\n' + ACCOUNT, "server.port"),
    ],
)
def test_a_variable_that_is_not_set_is_named_with_its_key(file: Path, text: str, key: str) -> None:
    assert refusal(file, text, {"OTHER": SECRET}) == (
        f"FILE: {key}: the environment variable GONE is not set; set it, or write the value in its place"
    )


def test_every_variable_that_is_not_set_has_its_line(file: Path) -> None:
    text = '[server]\nsecret = "${GONE}"\nprot = 1\n[[accounts]]\nkey = "a"\ntoken = "${GONE}"\n'
    assert [line.split(": ")[1] for line in refusal(file, text).splitlines()] == [
        "server.secret",
        "accounts[0].token",
        "server.prot",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[server]\nhost = "${LEAK}"\n' + ACCOUNT,
        '[[clients]]\nname = "a"\ntoken_sha256 = "${LEAK}"\naccounts = ["*"]\n' + ACCOUNT,
        f'[[clients]]\nname = "a"\ntoken_sha256 = "{"0" * 64}"\naccounts = ["${{LEAK}}"]\n' + ACCOUNT,
        '[log]\nlevel = "${LEAK}"\n' + ACCOUNT,
    ],
)
def test_the_value_of_a_variable_is_in_no_error(file: Path, text: str) -> None:
    refusal(file, text, {"LEAK": SECRET})


def test_numbers_and_truths_may_be_written_as_text(file: Path) -> None:
    server = read(file, '[server]\nport = "9400"\ngraphiql = "true"\ndeadline_seconds = "2.5"\n' + ACCOUNT).server
    assert (server.port, server.graphiql, server.deadline_seconds) == (9400, True, 2.5)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("nowhere.toml", "No such file or directory; `linkweave init` writes one"), ("", "Is a directory")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path / name, {})
    assert str(caught.value) == f"{tmp_path / name}: cannot be read: {problem}"


def test_broken_toml_names_its_line(file: Path) -> None:
    message = refusal(file, f'[server]\nport = 8000\nsecret = "{SECRET}\n')
    assert message.startswith("FILE: is not TOML: ")
    assert "line 3" in message


def test_a_file_that_is_not_text_is_not_toml(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="is not TOML"):
        load(file, {})


UNKNOWN_SECTION = (
    "FILE: colour: is not a known key; known here: accounts, cache, catalog, clients, documents, hooks, jwt, limits, "
    "log, metrics, network, server, traces"
)
LEVELS = "input should be 'debug', 'info', 'warning' or 'error'"
JWT_PROBLEMS = (
    "FILE: jwt.jwks: must be text, in quotes\n"
    "FILE: jwt.issuer: must be text, in quotes\n"
    "FILE: jwt.audiance: is not a known key; did you mean 'audience'?"
)
OPEN_ADDRESS = (
    "FILE: server.port: must be a whole number\n"
    "FILE: server.host: 0.0.0.0 is not a loopback address. Without [[clients]] and [jwt], every client that reaches it "
    "could read every account; add one (see `linkweave token`), or use 127.0.0.1 or ::1"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "FILE: accounts: is required, but missing"),
        ("accounts = []", "FILE: accounts: must not be empty"),
        ("colour = 1\n" + ACCOUNT, UNKNOWN_SECTION),
        ('source = "demo"\n' + ACCOUNT, "FILE: source: is not a known key"),
        ("[metrics]\ncolour = 1\n" + ACCOUNT, "FILE: metrics.colour: is not a known key; known here: enabled, public"),
        ("[server]\nprot = 1\n" + ACCOUNT, "FILE: server.prot: is not a known key; did you mean 'port'?"),
        ("[serve]\nport = 1\n" + ACCOUNT, "FILE: serve: is not a known key; did you mean 'server'?"),
        ("port = 1\n" + ACCOUNT, "FILE: port: is not a known key; it belongs to [server]"),
        ("[jwt]\nissuer = 5\njwks = 5\naudiance = 'a'\n" + ACCOUNT, JWT_PROBLEMS),
        ('[log]\nlevel = "warn"\n' + ACCOUNT, f"FILE: log.level: {LEVELS}; did you mean 'warning'?"),
        ('[log]\nlevel = "loud"\n' + ACCOUNT, f"FILE: log.level: {LEVELS}"),
        ('[server]\nport = "9400 "\ngraphiql = "maybe"\n' + ACCOUNT, "FILE: server.graphiql: must be true or false"),
        ("[server]\nport = true\n" + ACCOUNT, "FILE: server.port: must not be true or false"),
        ('[server]\nport = "94x"\n' + ACCOUNT, "FILE: server.port: must be a whole number"),
        ('[server]\nhost = "0.0.0.0"\nport = 1.5\n' + ACCOUNT, OPEN_ADDRESS),
        ("[server]\nport = 65536\n" + ACCOUNT, "FILE: server.port: input should be less than or equal to 65535"),
        (
            "[server]\ndeadline_seconds = 0\n" + ACCOUNT,
            "FILE: server.deadline_seconds: input should be greater than 0",
        ),
        (
            "[server]\ndeadline_seconds = inf\n" + ACCOUNT,
            "FILE: server.deadline_seconds: input should be less than or equal to 300",
        ),
        (
            "[server]\ndeadline_seconds = nan\n" + ACCOUNT,
            "FILE: server.deadline_seconds: input should be less than or equal to 300",
        ),
        (
            "[accounts]\nkey = 1\n",
            "FILE: accounts: must be a list; a list of tables is written with double brackets, as in [[accounts]]",
        ),
        ('accounts = [5, {key = "main"}]', "FILE: accounts[0]: must be a table"),
        ('[server]\nsecret = ""\n' + ACCOUNT, "FILE: server.secret: is empty"),
    ],
)
def test_each_error_is_named_by_its_key(file: Path, text: str, message: str) -> None:
    assert refusal(file, text) == message


def test_every_error_has_a_line_of_its_own_and_none_shows_a_value(file: Path) -> None:
    text = f'[server]\nport = "{SECRET}"\ndeadline_seconds = "{SECRET}"\n[cache]\nurl = "{SECRET}"\n' + ACCOUNT
    keys = [line.split(": ")[1] for line in refusal(file, text).splitlines()]
    assert keys == ["server.port", "server.deadline_seconds", "cache.url"]


@pytest.mark.parametrize(
    "url",
    [
        "memory://",
        "redis://localhost",
        "redis://cache:6379",
        "redis://cache:6379/0",
        "redis://:pass%40word@10.0.0.1/15",
        "rediss://user:p@cache.example.com:6380/3",
        "redis://[::1]:6379/0",
    ],
)
def test_a_cache_is_in_memory_or_at_a_server(url: str) -> None:
    assert CacheSettings(url=SecretStr(url)).url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "memory://x",
        "redis://",
        "redis:///0",
        "redis://:6379/0",
        "redis://cache:0",
        "redis://cache:99999",
        "redis://cache:many",
        "redis://cache/zero",
        "redis://cache/0/1",
        "redis://cache/0?socket_timeout=9",
        "redis://cache/0#x",
        "redis://cache /0",
        "redis://[cache/0",
        "unix:///run/valkey.sock",
        "memcached://x",
        "cache:6379",
        "",
    ],
)
def test_a_cache_of_another_shape_is_refused_without_showing_it(file: Path, url: str) -> None:
    text = refusal(file, f'[cache]\nurl = "{url}"\n' + ACCOUNT)
    assert text.startswith("FILE: cache.url: must be memory://, or redis://")
    assert not url or f'"{url}"' not in text


def test_the_password_of_a_cache_is_shown_nowhere(file: Path) -> None:
    settings = read(file, f'[cache]\nurl = "redis://me:{SECRET}@cache/0"\n' + ACCOUNT)
    assert SECRET not in repr(settings) + str(settings) + settings.model_dump_json()
    refusal(file, f'[cache]\nurl = "redis://me:{SECRET}@cache/zero"\n' + ACCOUNT)


@pytest.mark.parametrize(
    "line",
    [
        'prefix = ""',
        'prefix = "a b"',
        'prefix = "a:b"',
        "max_bytes = 999999",
        "timeout_seconds = 0",
        "timeout_seconds = 6",
    ],
)
def test_a_cache_outside_its_bounds_is_refused(file: Path, line: str) -> None:
    assert refusal(file, f"[cache]\n{line}\n" + ACCOUNT).startswith(f"FILE: cache.{line.split(maxsplit=1)[0]}: ")


def test_the_command_line_takes_precedence_over_the_file(file: Path) -> None:
    file.write_text('[server]\nport = 1\nhost = "::1"\n' + ACCOUNT, "utf-8")
    server = load(file, {}, {"port": 2}).server
    assert (server.port, server.host) == (2, "::1")
    file.write_text("server = 5\n" + ACCOUNT, "utf-8")
    with pytest.raises(ConfigurationError, match="server: must be a table"):
        load(file, {}, {"port": 2})


def test_no_secret_is_shown(file: Path) -> None:
    settings = read(file, f'[server]\nsecret = "{SECRET}"\n[[accounts]]\nkey = "main"\ntoken = "{SECRET}"\n')
    assert settings.server.secret is not None
    assert settings.server.secret.get_secret_value() == SECRET
    assert SECRET not in f"{settings} {settings!r} {account(token=SECRET)!r} {account(token=SECRET)}"


def test_settings_do_not_change() -> None:
    settings = from_table({"accounts": [{"key": "main"}]}, "demo")
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1  # type: ignore[misc]


def test_a_generated_secret_is_used_only_if_the_settings_have_none() -> None:
    generated = from_table({"accounts": [{}]}, "demo").with_secret("drawn").server.secret
    configured = from_table({"accounts": [{}], "server": {"secret": "told"}}, "demo").with_secret("drawn").server.secret
    assert generated is not None
    assert configured is not None
    assert (generated.get_secret_value(), configured.get_secret_value()) == ("drawn", "told")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LocalHost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.0.1", "gateway.example")),  # noqa: S104 - to be refused
    ],
)
def test_loopback_is_recognised_in_every_spelling(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


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
