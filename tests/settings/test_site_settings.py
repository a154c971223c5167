"""Accounts at sites of their own: the address is required, and its host is the short domain."""

import pytest
from pydantic import ValidationError

from linkweave.settings import SiteSettings


def settings(**table: object) -> SiteSettings:
    return SiteSettings.model_validate({"key": "shop", "provider": "kutt", **table})


@pytest.mark.parametrize(
    ("address", "domains"),
    [
        ("https://sho.example", ("sho.example",)),
        ("https://SHO.example/y/yourls-api.php", ("sho.example",)),
        ("https://sho.example:443/api/v2", ("sho.example",)),
        ("http://127.0.0.1:8191", ("127.0.0.1:8191",)),
    ],
)
def test_the_host_of_the_address_is_the_short_domain(address: str, domains: tuple[str, ...]) -> None:
    own = settings(base_url=address)
    assert (own.domains, own.home_domain) == (domains, domains[0])


def test_domains_in_the_settings_replace_the_host() -> None:
    assert settings(base_url="https://api.example", domains=["sho.example"]).domains == ("sho.example",)


@pytest.mark.parametrize("address", [None, "", "sho.example", "https://[", "ftp://sho.example", 5])
def test_an_address_is_required_and_checked(address: object) -> None:
    table = {} if address is None else {"base_url": address}
    with pytest.raises(ValidationError, match="base_url"):
        settings(**table)


def test_a_table_of_another_type_is_refused() -> None:
    with pytest.raises(ValidationError):
        SiteSettings.model_validate(5)
