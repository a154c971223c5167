"""The rules of axe, over what a page shows."""

import pytest

from harness.chromium import Page
from harness.node_scripts import CLIENTS

AXE = CLIENTS / "node_modules" / "axe-core" / "axe.min.js"

_NODES = """({ violations }) => violations.flatMap((each) =>
  each.nodes.map((node) => [location.search, each.id, node.html.slice(0, 200)]))"""
# What stands in the page is the same in both schemes; only the colours are others.
_RUNS = (("light", ""), ("dark", "runOnly: ['color-contrast'], "))


class Audit:
    """Collects what breaks a rule, in light and in dark. Without `make clients` there are no rules to break."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[object] = []

    def check(self) -> None:
        """Look at what the page shows now."""
        if not AXE.exists():
            return
        for scheme, options in _RUNS:
            self.page.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            self.found += self.page.evaluate(
                f"axe.run(document, {{ {options}resultTypes: ['violations'] }}).then({_NODES})"
            )


@pytest.fixture
def audit(page: Page) -> Audit:
    if AXE.exists():
        page.do("Page.addScriptToEvaluateOnNewDocument", source=AXE.read_text())
    return Audit(page)
