"""Makes the package's long description from README.md: its links into the repository become absolute."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

README = "README.md"
_LINK = re.compile(r"(!?)(\[[^\]]*\])\((?![a-z]+:)([^)\s]+)\)")


class LongDescription(MetadataHookInterface):
    """The package page is no page of the repository: a relative link on it leads nowhere."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the long description to the package's metadata."""
        text = Path(self.root, README).read_text("utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": _LINK.sub(_absolute(metadata["urls"]["Repository"]), text),
        }


def _absolute(repository: str) -> Callable[[re.Match[str]], str]:
    def absolute(link: re.Match[str]) -> str:
        mark, words, target = link.groups()
        # An image must be the file itself, and a link the page that shows it.
        kind = "raw" if mark else "blob"
        path = f"{README}{target}" if target.startswith("#") else target
        return f"{mark}{words}({repository}/{kind}/main/{path})"

    return absolute
