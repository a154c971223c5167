"""Plug-ins that fail when they are loaded, in this process and as an installed distribution in another."""

import sys
from pathlib import Path
from typing import NoReturn

RAISES = 'raise RuntimeError("no key\\nfor this machine")\n'
# What Python raises at Ctrl+C.
INTERRUPTED = "raise KeyboardInterrupt\n"


def __getattr__(name: str) -> NoReturn:
    if name == "EXITING":
        sys.exit(3)
    if name == "WORDLESS":
        raise ValueError
    if name == "RAISING":
        raise RuntimeError("no key\nfor this machine")
    raise AttributeError(name)


def install_plugin(folder: Path, module: str) -> Path:
    """Puts a distribution into `folder` whose provider is in a module with the text `module`. Returns the folder."""
    (folder / "linkweave_broken.py").write_text(module)
    info = folder / "linkweave_broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: linkweave-broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[linkweave.providers]\nbroken = linkweave_broken:PROVIDER\n")
    return folder
