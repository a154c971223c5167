"""Finding providers: every folder, and what other distributions register."""

from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from linkweave import providers
from linkweave.models import Capability
from linkweave.providers.cuttly import PROVIDER as CUTTLY
from linkweave.providers.discovery import ENTRY_POINT_GROUP, discover, find_providers
from linkweave.providers.record import Provider

# An entry point names an attribute of a module: this one's.
FOREIGN = replace(CUTTLY, id="another", name="Another")
TAKEN = replace(CUTTLY, id="picsee")
SILENT = replace(CUTTLY, id="silent", without_domains=None)
NO_PROVIDER = "just a text"


def entry(value: str) -> EntryPoint:
    return EntryPoint(name="theirs", value=value, group=ENTRY_POINT_GROUP)


def test_every_folder_is_a_provider_under_its_own_name_in_alphabetical_order() -> None:
    folders = sorted(path.parent.name for path in Path(providers.__path__[0]).glob("*/__init__.py"))
    found = discover()
    assert list(found) == folders
    assert "tinycc" in folders
    assert [provider.id for provider in found.values()] == folders


def test_nothing_else_is_installed_here() -> None:
    assert dict(discover([])) == dict(discover())


def test_a_provider_of_another_distribution_is_found_among_the_others() -> None:
    found = discover([entry("test_discovery:FOREIGN")])
    assert next(iter(found)) == "another"
    assert found["another"] is FOREIGN
    assert len(found) == len(discover([])) + 1


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("test_discovery:NO_PROVIDER", "test_discovery:NO_PROVIDER is not a Provider"),
        ("test_discovery:TAKEN", "the id 'picsee' is already taken"),
        ("test_discovery:SILENT", "`without_domains` must say what does not work"),
        ("test_discovery:MISSING", "test_discovery:MISSING cannot be loaded: module 'test_discovery' has no attribute"),
        ("no_such_module:PROVIDER", "no_such_module:PROVIDER cannot be loaded: No module named 'no_such_module'"),
        ("harness.broken_plugin:RAISING", "RAISING cannot be loaded: RuntimeError: no key for this machine"),
        ("harness.broken_plugin:EXITING", "EXITING cannot be loaded: SystemExit: 3"),
        ("harness.broken_plugin:WORDLESS", "WORDLESS cannot be loaded: ValueError"),
    ],
)
def test_an_entry_point_that_cannot_be_used_is_told_in_one_line_and_the_others_are_found(
    value: str, problem: str
) -> None:
    found = find_providers([entry(value), entry("test_discovery:FOREIGN")])
    (line,) = found.problems
    assert line.startswith("entry point theirs of linkweave.providers: ")
    assert problem in line
    assert "\n" not in line
    assert len(found.providers) == len(discover()) + 1


@pytest.mark.parametrize("provider", discover().values(), ids=discover())
def test_a_provider_says_what_does_not_work_without_domains_where_it_lists_none(provider: Provider) -> None:
    lists_domains = Capability.LIST_DOMAINS in provider.capabilities
    assert (provider.without_domains is None) == lists_domains
    assert "\n" not in (provider.without_domains or "")


def test_two_distributions_cannot_share_an_id() -> None:
    found = find_providers([entry("test_discovery:FOREIGN"), entry("test_discovery:FOREIGN")])
    assert found.problems == ("entry point theirs of linkweave.providers: the id 'another' is already taken",)
    assert found.providers["another"] is FOREIGN
