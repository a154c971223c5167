"""The configuration: which values are read and which are refused, with errors that help and show no secret."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from harness.keyed_accounts import SECRET, account
from linkweave.errors import ConfigurationError
from linkweave.settings import CacheSettings, Settings, from_table, is_loopback, load

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
