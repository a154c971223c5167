"""Emulators belong to the sandbox: a gateway that serves never loads one."""

import subprocess
import sys
from dataclasses import replace

import pytest

from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover
from linkweave.sandbox import load_emulator

PROVIDERS = discover()

BUILD_AND_LIST = """
import sys
import linkweave.cli.commands
from linkweave.app import build_app
from linkweave.clock import SystemClock
from linkweave.providers.discovery import discover
from linkweave.settings import from_table

tables = [
    {"key": known.key, "provider": each.id, "base_url": "https://vendor.example", **known.options}
    for each in discover().values()
    for known in each.sandbox_accounts
]
app = build_app(from_table({"accounts": tables}, "demo"), SystemClock())
print(len(tables), *sorted(name for name in sys.modules if name.startswith("linkweave.") and "emulator" in name))
"""


def test_building_an_app_for_serving_loads_no_emulator() -> None:
    done = subprocess.run([sys.executable, "-c", BUILD_AND_LIST], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    accounts, *emulators = done.stdout.split()
    assert int(accounts) >= len(PROVIDERS)
    assert emulators == []


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_name_in_a_record_leads_to_an_emulator(name: str) -> None:
    assert load_emulator(PROVIDERS[name]).__name__ == "create_emulator"


@pytest.mark.parametrize(
    ("emulator", "problem"),
    [
        ("no.such.module:create_emulator", "No module named 'no'"),
        ("linkweave.clock:create_emulator", "create_emulator"),
        ("linkweave.clock:__doc__", "is not a function"),
        ("no name at all", "invalid format"),
    ],
)
def test_an_emulator_that_cannot_be_loaded_is_reported_with_its_provider(emulator: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_emulator(replace(PROVIDERS["tinycc"], emulator=emulator))
    assert str(caught.value).startswith(f"provider tinycc: emulator {emulator!r}")
    assert problem in str(caught.value)
