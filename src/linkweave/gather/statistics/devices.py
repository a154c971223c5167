"""One vocabulary for devices and for systems. A vendor's device may be a system, which says the kind of device too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OTHER_DEVICE: Final = ("other", "Other")

_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {"mobile": "Mobile", "tablet": "Tablet", "desktop": "Desktop", "console": "Console", "tv": "TV", "bot": "Bot"}
)

# Vendors' words in lower case, with blanks for other signs.
_DEVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("mobile", "mobiles", "mobile phone", "phone", "smartphone", "feature phone"), "mobile"),
        **dict.fromkeys(("iphone", "ipod", "ios", "android", "windows phone", "blackberry", "phablet"), "mobile"),
        **dict.fromkeys(("tablet", "tablets", "ipad", "ipados", "android tablet", "kindle"), "tablet"),
        **dict.fromkeys(("desktop", "desktops", "computer", "pc", "laptop", "notebook"), "desktop"),
        **dict.fromkeys(("macintosh", "mac", "macos", "mac os", "mac os x", "os x", "windows"), "desktop"),
        **dict.fromkeys(("linux", "ubuntu", "chromeos", "chrome os", "pc mac"), "desktop"),
        **dict.fromkeys(("console", "consoles", "game console", "gaming console"), "console"),
        **dict.fromkeys(("playstation", "xbox", "nintendo"), "console"),
        **dict.fromkeys(("tv", "smart tv", "smarttv", "television", "apple tv", "android tv"), "tv"),
        **dict.fromkeys(("bot", "bots", "robot", "crawler", "spider"), "bot"),
    }
)

_SYSTEMS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **dict.fromkeys(("ios", "iphone", "ipad", "ipod", "ipados", "iphone os"), ("ios", "iOS")),
        **dict.fromkeys(("android", "android tablet"), ("android", "Android")),
        **dict.fromkeys(
            ("macos", "macintosh", "mac", "mac os", "mac os x", "macos x", "os x", "osx"), ("macos", "macOS")
        ),
        "windows": ("windows", "Windows"),
        "linux": ("linux", "Linux"),
        **dict.fromkeys(("chromeos", "chrome os", "cros"), ("chromeos", "ChromeOS")),
    }
)
# A kind of device says nothing about its system.
_UNKNOWN_SYSTEM: Final = ("unknown", "Unknown")
_NO_SYSTEMS: Final = frozenset(_DEVICES) - frozenset(_SYSTEMS) - {"ubuntu", "blackberry", "windows phone"}


def device_class(name: str) -> tuple[str, str]:
    """Returns the key and the label of a kind of device; "other" for a name that says none."""
    words = _words(name)
    found = _DEVICES.get(words) or _DEVICES.get(words.partition(" ")[0])
    return OTHER_DEVICE if found is None else (found, _CLASSES[found])


def system(name: str) -> tuple[str, str] | None:
    """Returns the key and the label of an operating system; None for a name that is not known here."""
    words = _words(name)
    return _UNKNOWN_SYSTEM if words in _NO_SYSTEMS else _SYSTEMS.get(words)


def _words(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())
