"""YOURLS keeps the contract of each capability that it offers."""

from linkweave.providers.yourls import PROVIDER
from linkweave.testing.contract import CreateLinksContract, GetLinksContract, ListLinksContract, ReadStatsContract


class TestYourls(ListLinksContract, GetLinksContract, ReadStatsContract, CreateLinksContract):
    provider = PROVIDER
    reads_by_post = ("/yourls-api.php",)
