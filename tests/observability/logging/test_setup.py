"""Log lines hold known keys with plain values, and neither URLs nor secrets."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from harness.emulators import NOW
from linkweave.errors import BadResponseError
from linkweave.observability import Log, SecretMasks, configure_logging, library_log, silence_http_clients
from linkweave.observability.logging.log_lines import KEYS
from linkweave.settings import LogSettings

SECRET = "canary-4711-secret"
SECRET_URL = f"https://cutt.ly/team/API/index.php?key={SECRET}&action=stats"


@pytest.fixture(autouse=True)
def kept_logging() -> Iterator[None]:
    """Restores the root logger after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)


def ask() -> None:
    with httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200))) as client:
        client.get(SECRET_URL)


def json_log(level: str = "info", *secrets: str) -> Log:
    return configure_logging(LogSettings.model_validate({"format": "json", "level": level}), SecretMasks(secrets))


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_the_http_client_would_log_urls_with_the_keys_in_them() -> None:
    shown = io.StringIO()
    logging.getLogger("httpx2").setLevel(logging.INFO)
    logging.getLogger().addHandler(logging.StreamHandler(shown))
    logging.getLogger().setLevel(logging.DEBUG)
    ask()
    assert SECRET in shown.getvalue()
    silence_http_clients()
    shown.truncate(0)
    ask()
    assert SECRET not in shown.getvalue()


@pytest.mark.parametrize("level", ["debug", "info"])
def test_no_level_of_the_log_shows_a_url(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    json_log(level)
    ask()
    logging.getLogger("linkweave").info("something else")
    output = capsys.readouterr()
    assert "something else" in output.err
    assert SECRET not in output.err
    assert "httpx2" not in output.err
    assert output.out == ""


def test_a_line_of_a_library_has_time_level_logger_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    json_log()
    logging.getLogger("redis").warning("lost %s", "a connection")
    logging.getLogger("redis").debug("too much")
    (line,) = lines_of(capsys)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line.pop("at"))
    assert line == {"level": "warning", "logger": "redis", "event": "lost a connection"}


def test_a_line_of_the_gateway_has_its_fields_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    json_log().lines.warning("circuit", account="tinycc", state="OPEN")
    (line,) = lines_of(capsys)
    assert line.pop("at")
    assert line == {"level": "warning", "event": "circuit", "account": "tinycc", "state": "OPEN"}


@pytest.mark.parametrize(("level", "events"), [("debug", ["a", "b", "c"]), ("info", ["b", "c"]), ("warning", ["c"])])
def test_the_level_decides_which_lines_are_written(
    level: str, events: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    log = json_log(level)
    log.lines.debug("a")
    log.lines.info("b")
    log.lines.warning("c")
    assert [line["event"] for line in lines_of(capsys)] == events


def test_at_level_warning_there_are_no_lines_of_operations(capsys: pytest.CaptureFixture[str]) -> None:
    json_log("warning").operations([{"event": "operation"}])
    json_log("info").operations([{"event": "operation"}])
    assert [line["event"] for line in lines_of(capsys)] == ["operation"]


def test_only_known_keys_with_plain_values_reach_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    class Credentials:
        def __repr__(self) -> str:
            return SECRET

    log = json_log()
    log.lines.info("a", token=SECRET, headers={"authorization": SECRET}, status=Credentials(), sources={"a": [SECRET]})
    log.lines.info("b", errors=[1, Credentials()], code=None, cost=1.5, outcome=SECRET.encode())
    logging.getLogger("x").info("c", extra={"token": SECRET, "account": "tinycc", "state": Credentials()})
    lines = lines_of(capsys)
    assert SECRET not in str(lines)
    assert [line["event"] for line in lines] == ["a", "b", "c"]
    assert lines[0]["status"] == "<Credentials>"
    assert lines[0]["sources"] == {"a": "<list>"}
    assert lines[1]["errors"] == [1, "<Credentials>"]
    assert "code" not in lines[1]
    assert lines[1]["outcome"] == "<bytes>"
    assert lines[2]["account"] == "tinycc"


def test_a_long_text_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    json_log().lines.info("x" * 10_000, account="y" * 10_000)
    (line,) = lines_of(capsys)
    assert len(line["event"]) == len(line["account"]) == 4_001


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_secret_is_masked_in_every_part_of_a_line(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    log = configure_logging(LogSettings.model_validate({"format": style}), SecretMasks([SECRET, "pass/word+1"]))
    log.lines.info(f"a {SECRET}", account=f"b {SECRET}", sources={"c": SECRET})
    log.operations([{"event": "operation", "level": "info", "operation": SECRET, "at": NOW}])
    logging.getLogger("redis").error("pass%%2Fword%%2B1 of redis://:%s@host", "pass/word+1")
    output = capsys.readouterr().err
    assert SECRET not in output
    assert "word" not in output
    assert output.count("***") == 6


def read(password: str) -> None:
    raise ValueError(f"cannot read {password}")


def fail() -> None:
    try:
        read(SECRET)
    except ValueError as error:
        raise AttributeError("'NoneType' object has no attribute 'get'") from error


def test_an_exception_is_logged_with_its_frames_and_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    json_log()
    try:
        fail()
    except AttributeError:
        logging.getLogger("linkweave").exception("unexpected")
    (line,) = lines_of(capsys)
    assert SECRET not in str(line)
    first, *frames = line["exception"].splitlines()
    assert first == "AttributeError: 'NoneType' object has no attribute 'get'"
    assert any(re.search(r"test_setup\.py:\d+ in fail$", frame) for frame in frames)
    assert "ValueError" in frames


def test_an_error_of_our_own_is_logged_with_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    json_log()
    error = BadResponseError("tinycc answered nonsense", account="tinycc", operation="list links")
    logging.getLogger("linkweave").error("unexpected", exc_info=error)
    (line,) = lines_of(capsys)
    assert line["exception"] == "linkweave.errors.BadResponseError: tinycc answered nonsense"


def test_a_circle_of_exceptions_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    json_log()
    one, other = ValueError(), KeyError()
    one.__context__, other.__context__ = other, one
    logging.getLogger("linkweave").error("unexpected", exc_info=one)
    (line,) = lines_of(capsys)
    assert line["exception"] == "ValueError\nKeyError"


def test_a_line_that_orjson_cannot_encode_is_written_too(capsys: pytest.CaptureFixture[str]) -> None:
    log = json_log("info", SECRET)
    log.lines.info("\ud800 half", cost=1 << 70, account=SECRET)
    (line,) = lines_of(capsys)
    assert (line["event"], line["cost"], line["account"]) == ("\ud800 half", 1 << 70, "***")


def test_a_line_that_cannot_be_formatted_is_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    json_log()
    logging.getLogger("linkweave").info("%d", SECRET)
    assert capsys.readouterr().err == "a log line of linkweave could not be written\n"


def test_a_line_for_people_is_short_and_escapes_line_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    log = configure_logging(LogSettings(format="console"))
    log.lines.info("vendor call", account="tinycc", ms=1.5)
    log.operations([{"event": "operation", "level": "info", "operation": None, "request": "abc", "at": NOW}])
    logging.getLogger("x").warning("one\n2026-11-25 fake\x1b[31m")
    first, second, third = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} \[info +\] vendor call +account=tinycc ms=1\.5", first)
    assert second.endswith("operation request=abc")
    assert r"one\n2026-11-25 fake\x1b[31m" in third


def test_the_format_auto_is_json_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert not sys.stderr.isatty()
    configure_logging(LogSettings()).lines.info("x")
    (line,) = lines_of(capsys)
    assert line["event"] == "x"


def test_an_embedded_gateway_logs_with_the_standard_library(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger().addHandler(caplog.handler)
    library_log().lines.info("vendor call", account="tinycc", token=SECRET)
    library_log().operations([{"event": "operation", "request": "abc"}])
    first, second = caplog.records
    assert (first.name, first.getMessage(), vars(first)["account"]) == ("linkweave", "vendor call", "tinycc")
    assert (second.getMessage(), vars(second)["request"]) == ("operation", "abc")
    assert SECRET not in str(vars(first))


def test_no_key_of_a_line_is_an_attribute_of_a_log_record() -> None:
    assert not KEYS & vars(logging.LogRecord("x", logging.INFO, "x", 1, "x", (), None)).keys()
