"""A browser for the tests of a module, and a page for each of them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from harness.chromium import Browser, Page, opened_browser, opened_page


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened_browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with opened_page(browser) as page:
        yield page


def assert_kept_to(page: Page, address: str) -> None:
    """The page has sent no request to another host, and its policy has blocked none."""
    hosts = {urlsplit(each).netloc for each in page.asked_for if urlsplit(each).scheme not in {"data", "blob"}}
    assert hosts == {urlsplit(address).netloc}
    assert page.complaints == []
