"""Addresses that are the same for the catalog have the same key."""

import pytest

from linkweave.catalog.addresses import compared_destination, short_url_key
from linkweave.models import Utm

# A bracket that is not closed.
NO_URL = "https://[1::2/spring"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("https://example.com:443/A?b=C#d", "https://example.com/A?b=C"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("https://Me:Pw@example.com/", "https://Me:Pw@example.com/"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://example.com:port/", "https://example.com:port/"),
        ("mailto:someone@example.com", "mailto:someone@example.com"),
        (NO_URL, NO_URL),
    ],
)
def test_a_destination_is_compared_without_what_does_not_matter(url: str, key: str) -> None:
    assert compared_destination(url).key == key
    assert compared_destination(key).key == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://a.example/?utm_source=x", "https://a.example/"),
        ("https://a.example/?a=1&UTM_Source=x&b=%20&utm_medium=y#z", "https://a.example/?a=1&b=%20"),
        ("https://a.example/?autm_source=1", "https://a.example/?autm_source=1"),
        (NO_URL, NO_URL),
    ],
)
def test_a_destination_can_be_compared_without_campaign_parameters(url: str, key: str) -> None:
    assert compared_destination(url).key_without_utm == key


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://WWW.example.com.:8443/x", "www.example.com"), ("mailto:someone@example.com", ""), (NO_URL, "")],
)
def test_the_host_of_a_destination(url: str, host: str) -> None:
    assert compared_destination(url).host == host


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://Cutt.ly/Spring/?x=1#y", "cutt.ly/Spring"),
        ("https://cutt.ly:443/Spring", "cutt.ly/Spring"),
        ("https://cutt.ly/%C3%BC", "cutt.ly/ü"),
        (NO_URL, NO_URL),
    ],
)
def test_a_short_url_is_compared_by_host_and_path(url: str, key: str) -> None:
    assert short_url_key(url) == key


@pytest.mark.parametrize(
    ("url", "utm"),
    [
        ("https://a.example/?utm_source=n%20l&UTM_MEDIUM=mail&utm_other=x", Utm(source="n l", medium="mail")),
        ("https://a.example/?utm_source=first&utm_source=second", Utm(source="first")),
        ("https://a.example/utm_source=x", Utm()),
        (NO_URL, Utm()),
    ],
)
def test_the_campaign_parameters_of_a_destination(url: str, utm: Utm) -> None:
    assert compared_destination(url).utm == utm
