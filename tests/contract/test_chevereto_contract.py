"""Chevereto keeps the contract of each capability that it offers."""

from linkweave.providers.chevereto import PROVIDER
from linkweave.testing.contract import UploadFilesContract


class TestChevereto(UploadFilesContract):
    provider = PROVIDER
