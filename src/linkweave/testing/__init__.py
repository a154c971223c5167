"""Tests for providers, inside and outside of this repository. Needs pytest: install `linkweave[testing]`.

A provider's test file has one class. Its header lists one contract per capability of the adapter:

    from acme import PROVIDER
    from linkweave.testing.contract import CreateLinksContract, GetLinksContract, ListLinksContract

    class TestAcme(ListLinksContract, GetLinksContract, CreateLinksContract):
        provider = PROVIDER

The contracts run the adapter, and the whole gateway, over the provider's emulator: no socket is opened and no real time
passes. One test compares the header with the capabilities that the adapter offers.
"""

import pytest

# Failing assertions of the contracts then show their values, as those of test files do.
pytest.register_assert_rewrite("linkweave.testing.contract")
