import io
import logging
from collections.abc import Iterator

import httpx2
import pytest

from linkweave.observability import configure_logging, silence_http_clients

SECRET_URL = "https://cutt.ly/team/API/index.php?key=secret-key&action=stats"


@pytest.fixture(autouse=True)
def kept_logging() -> Iterator[None]:
    """Whatever a test does to the root logger is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)


def ask() -> None:
    with httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200))) as client:
        client.get(SECRET_URL)


def test_the_http_client_would_log_urls_with_the_keys_in_them() -> None:
    written = io.StringIO()
    logging.getLogger("httpx2").setLevel(logging.INFO)
    logging.getLogger().addHandler(logging.StreamHandler(written))
    logging.getLogger().setLevel(logging.DEBUG)
    ask()
    assert "secret-key" in written.getvalue()
    silence_http_clients()
    written.truncate(0)
    ask()
    assert "secret-key" not in written.getvalue()


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_no_level_of_the_command_lines_log_shows_a_url(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(level)
    ask()
    logging.getLogger("linkweave").info("something else")
    written = capsys.readouterr()
    assert "something else" in written.err
    assert "secret-key" not in written.err
    assert "httpx2" not in written.err
    assert written.out == ""


def test_a_log_line_has_its_time_its_level_and_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("linkweave").warning("something")
    logging.getLogger("linkweave").debug("too much")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("WARNING linkweave something")
    assert line[:4].isdigit()
